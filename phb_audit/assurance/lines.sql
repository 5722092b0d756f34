-- one row per admitted payment, with what the night made of it
SELECT
    v.payment_id, v.file_id, v.line_number, v.holder_id, v.paid_on, v.amount_pence, v.is_spend,
    c.category_code AS found_code, c.second_code, c.third_code, c.is_abstained, c.how_code,
    m.plan_line_id, m.match_code
FROM validated.payments v
LEFT JOIN classified.payments c USING (payment_id)
LEFT JOIN matched.payments m USING (payment_id)
ORDER BY v.payment_id
