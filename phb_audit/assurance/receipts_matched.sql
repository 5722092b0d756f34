-- one row per receipt that stands beside a payment
SELECT receipt_id, payment_id FROM matched.receipts WHERE payment_id IS NOT NULL ORDER BY receipt_id
