-- One row per receipt of the holders asked for with what it was matched to: from the horizon on or new tonight (is_near), or with a new line.
WITH beside AS (
    SELECT receipt_id, payment_id, sameness_id, is_alike, times_used_count, holders_count FROM matched.receipts SEMI JOIN batch USING (holder_id)
),
papers AS (
    SELECT receipt_id, holder_id, supplier_name, is_readable, invoice_number, dated_on, received_on, total_pence, vat_pence,
        coalesce(received_on, dated_on, $horizon_on) >= $horizon_on OR run_id = $run_id AS is_near
    FROM validated.receipts SEMI JOIN batch USING (holder_id)
),
chosen AS (
    SELECT * FROM papers WHERE is_near
    UNION ALL
    SELECT * FROM (SELECT * FROM papers WHERE NOT is_near)
    SEMI JOIN (SELECT receipt_id FROM validated.receipt_lines WHERE run_id = $run_id) USING (receipt_id)
)
SELECT chosen.*, payment_id, sameness_id, coalesce(is_alike, FALSE) AS is_alike, coalesce(times_used_count, 1) AS times_used_count,
    coalesce(holders_count, 1) AS holders_count
FROM chosen LEFT JOIN beside USING (receipt_id)
