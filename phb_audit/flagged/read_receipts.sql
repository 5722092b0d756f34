-- One row per receipt of the holders asked for, from the horizon on or new tonight, with what it was matched to.
SELECT r.*, m.payment_id, m.sameness_id, coalesce(m.times_used_count, 1) AS times_used_count, coalesce(m.holders_count, 1) AS holders_count
FROM validated.receipts r
SEMI JOIN batch USING (holder_id)
LEFT JOIN matched.receipts m USING (receipt_id)
WHERE coalesce(r.received_on, r.dated_on, $horizon_on) >= $horizon_on OR r.run_id = $run_id
