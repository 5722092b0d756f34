-- one row per receipt that an earlier try of tonight knew and that is gone
DELETE FROM matched.receipts
WHERE receipt_id IN (
    SELECT receipt_id FROM (SELECT receipt_id FROM matched.receipts WHERE run_id = $run_id) ANTI JOIN validated.receipts USING (receipt_id)
)
