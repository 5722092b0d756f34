-- one row per payment of an earlier night that is looked at again, beside those of tonight, with its category and how its budget stood
INSERT INTO asked_payments
WITH categories AS (SELECT * FROM classified.payments SEMI JOIN older_payments USING (payment_id)),
stood AS (
    SELECT payment_id, budget_to_date_pence, spent_to_date_pence, remaining_pence FROM matched.payments SEMI JOIN older_payments USING (payment_id)
)
SELECT payments.holder_id, payments.payment_id, payments.account_id, payments.feed_code, payments.paid_on, payments.amount_pence,
    payments.kind_code, payments.is_spend, payments.payee_text, payments.payee_ref, payments.description, payments.mcc_code,
    payments.country_code, categories.string_id, categories.category_code, categories.probability_share, categories.second_code,
    categories.second_share, categories.is_abstained, categories.because,
    older.is_open, older.is_held, stood.budget_to_date_pence, stood.spent_to_date_pence, stood.remaining_pence
FROM older_payments AS older
JOIN validated.payments AS payments USING (payment_id)
LEFT JOIN categories USING (payment_id)
LEFT JOIN stood USING (payment_id)
