-- one row per payment of a night not matched yet, with its category (null where the stage before lost it)
CREATE OR REPLACE TEMP TABLE asked_payments AS
WITH categories AS (SELECT * FROM classified.payments SEMI JOIN open_nights USING (run_id))
SELECT payments.holder_id, payments.payment_id, payments.account_id, payments.feed_code, payments.paid_on, payments.amount_pence,
    payments.kind_code, payments.is_spend, payments.payee_text, payments.payee_ref, payments.description, payments.mcc_code,
    payments.country_code, categories.string_id, categories.category_code, categories.probability_share, categories.second_code,
    categories.second_share, categories.is_abstained, categories.because AS category_because,
    TRUE AS is_open, FALSE AS is_held,
    NULL::BIGINT AS stood_budget_pence, NULL::BIGINT AS stood_spent_pence, NULL::BIGINT AS stood_remaining_pence
FROM (SELECT * FROM validated.payments SEMI JOIN open_nights USING (run_id)) AS payments
LEFT JOIN categories ON categories.payment_id = payments.payment_id
