-- one row per admitted receipt: the sender's id and what the night calls it
SELECT DISTINCT receipt_ref, receipt_id FROM validated.receipts WHERE receipt_ref IS NOT NULL ORDER BY receipt_ref, receipt_id
