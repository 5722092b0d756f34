-- one row per link of a payment looked at tonight goes: it is made anew; so does one whose payment or receipt is gone
DELETE FROM matched.receipt_links
WHERE payment_id IN (SELECT payment_id FROM asked_payments)
   OR (run_id = $run_id AND payment_id NOT IN (SELECT payment_id FROM validated.payments))
   OR (run_id = $run_id AND receipt_id NOT IN (SELECT receipt_id FROM validated.receipts))
