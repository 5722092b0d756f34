-- one row per payment of an earlier night that is looked at again: as admitted, and how its budget stood
CREATE OR REPLACE TEMP TABLE older_rows AS
WITH stood AS (
    SELECT payment_id, budget_to_date_pence, spent_to_date_pence, remaining_pence FROM matched.payments SEMI JOIN older_payments USING (payment_id)
)
SELECT payments.holder_id, payments.payment_id, payments.account_id, payments.feed_code, payments.paid_on, payments.amount_pence,
    payments.kind_code, payments.is_spend, payments.payee_text, payments.payee_ref, payments.description, payments.mcc_code,
    payments.country_code, older.is_open, older.is_held, stood.budget_to_date_pence AS stood_budget_pence,
    stood.spent_to_date_pence AS stood_spent_pence, stood.remaining_pence AS stood_remaining_pence
FROM older_payments AS older
JOIN validated.payments AS payments USING (payment_id)
LEFT JOIN stood USING (payment_id)
