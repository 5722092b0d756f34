-- one row per payment a receipt stands beside, or may
SELECT DISTINCT payment_id FROM matched.receipt_links WHERE receipt_id = $receipt_id ORDER BY payment_id
