-- one row per payment or receipt line asked for: the words that were classified, and what was made of them
SELECT answers.ref, strings.payee_text, strings.description, strings.mcc_code, answers.category_code AS was_code,
    answers.set_codes AS was_set_codes, strings.model_version,
    answers.holder_id
FROM (
    SELECT classified.payments.payment_id AS ref, string_id, category_code, set_codes, validated.payments.holder_id
    FROM classified.payments
    JOIN validated.payments ON validated.payments.payment_id = classified.payments.payment_id
    WHERE classified.payments.payment_id IN (SELECT ref FROM asked_refs)
    UNION ALL
    SELECT lines.receipt_line_id AS ref, lines.string_id, lines.category_code, lines.set_codes, receipts.holder_id
    FROM classified.receipt_lines AS lines
    JOIN validated.receipts AS receipts ON receipts.receipt_id = lines.receipt_id
    WHERE lines.receipt_line_id IN (SELECT ref FROM asked_refs)
) AS answers
JOIN classified.strings AS strings ON strings.string_id = answers.string_id
ORDER BY answers.ref
