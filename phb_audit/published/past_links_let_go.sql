-- one row per link of a receipt that a later match of its payment had let go: the payment has no receipt, or newer links
DELETE FROM matched.receipt_links AS links
WHERE NOT EXISTS (SELECT 1 FROM matched.payments AS paid WHERE paid.payment_id = links.payment_id AND paid.receipt_match_code IS NOT NULL)
    OR EXISTS (SELECT 1 FROM matched.receipt_links AS newer WHERE newer.payment_id = links.payment_id AND newer.run_id > links.run_id)
