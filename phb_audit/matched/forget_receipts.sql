-- one row per receipt written anew goes
DELETE FROM matched.receipts WHERE receipt_id IN (SELECT receipt_id FROM receipts_now)
