-- One row per receipt line of the holders asked for, from the horizon on or new tonight, with its category and its receipt's payment.
SELECT l.*, c.category_code, c.probability_share, c.second_code, coalesce(c.is_abstained, true) AS is_abstained, c.how_code,
    m.payment_id, r.dated_on, r.received_on
FROM validated.receipt_lines l
SEMI JOIN batch USING (holder_id)
JOIN validated.receipts r USING (receipt_id)
LEFT JOIN classified.receipt_lines c USING (receipt_line_id)
LEFT JOIN matched.receipts m USING (receipt_id)
WHERE coalesce(r.received_on, r.dated_on, $horizon_on) >= $horizon_on OR l.run_id = $run_id
