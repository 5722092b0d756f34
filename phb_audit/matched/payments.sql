-- one row per admitted payment of the holders in holders_now, with its category
SELECT
    holders_now.holder_idx, payments.payment_id, payments.holder_id, payments.account_id, payments.feed_code, payments.paid_on, payments.amount_pence,
    payments.kind_code, payments.is_spend, payments.payee_text, payments.payee_ref, payments.description, payments.mcc_code,
    payments.country_code, categories.string_id, categories.category_code, categories.probability_share, categories.second_code,
    categories.second_share, categories.is_abstained, categories.because AS category_because
FROM validated.payments AS payments
JOIN holders_now ON holders_now.holder_id = payments.holder_id
JOIN classified.payments AS categories ON categories.payment_id = payments.payment_id
ORDER BY holders_now.holder_idx, payments.paid_on, payments.payment_id
