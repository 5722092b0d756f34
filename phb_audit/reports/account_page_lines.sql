-- one row per line of one account that moved money, by day, with what is known of its papers
SELECT paid.payment_id, paid.paid_on, paid.amount_pence, paid.balance_pence, matched.kind_code, matched.payee_id, matched.payee_shown, matched.receipt_match_code,
    papers.receipt_ids, paid.file_id, paid.line_number, fees.fee_pence
FROM validated.payments AS paid
JOIN matched.payments AS matched USING (payment_id)
LEFT JOIN (
    SELECT payment_id, string_agg(receipt_id, ', ' ORDER BY receipt_id) AS receipt_ids
    FROM matched.receipt_links WHERE link_code <> 'open' GROUP BY payment_id
) AS papers USING (payment_id)
LEFT JOIN (
    SELECT 'P' || row_id AS payment_id, (100 * try_cast(fee_text AS DECIMAL(12, 2)))::BIGINT AS fee_pence
    FROM landed.payments WHERE feed_code = 'card' AND regexp_matches(fee_text, '[1-9]')
) AS fees USING (payment_id)
WHERE paid.account_id = $account_id AND paid.holder_id = $holder_id AND matched.kind_code NOT IN ('authorisation', 'declined', 'reversed')
ORDER BY paid.paid_on, paid.file_id, paid.line_number, paid.payment_id
