-- one row per text that was ever classified, most used first: what the two classifiers are asked
SELECT strings.payee_text AS merchant, strings.description, strings.mcc_code AS mcc, count(payments.payment_id) AS payments_count
FROM classified.strings AS strings
LEFT JOIN classified.payments AS payments ON payments.string_id = strings.string_id
GROUP BY strings.string_id, strings.payee_text, strings.description, strings.mcc_code
ORDER BY payments_count DESC, strings.string_id
LIMIT $most
