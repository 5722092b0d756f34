-- one row per payment asked for: the line, the plan version in force on its day, its receipt, and the files they came from
SELECT
    m.payment_id, m.paid_on, m.amount_pence, m.payee_shown, m.payee_id, m.holding_code, m.plan_version_id, m.plan_line_words, m.outcome_words,
    p.version AS plan_version, p.effective_from_on, p.approved_on, v.file_id, v.line_number,
    m.receipt_id, r.image_hash, r.file_id AS receipt_file_id
FROM matched.payments m
JOIN asked USING (payment_id)
LEFT JOIN validated.payments v USING (payment_id)
LEFT JOIN validated.receipts r ON r.receipt_id = m.receipt_id
LEFT JOIN validated.plans p ON p.plan_version_id = m.plan_version_id
ORDER BY m.paid_on, m.payment_id
