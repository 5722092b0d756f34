-- One row: a receipt and what it was matched to.
SELECT r.*, m.payment_id, m.times_used_count, m.holders_count
FROM validated.receipts r LEFT JOIN matched.receipts m USING (receipt_id) WHERE r.receipt_id = $receipt_id
