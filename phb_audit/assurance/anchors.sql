-- one row per finding and thing it touches: its subject, its payment, and the payment beside a receipt
SELECT flag_id, subject_id AS thing_id FROM flagged.findings
UNION
SELECT flag_id, payment_id FROM flagged.findings WHERE payment_id IS NOT NULL
UNION
SELECT f.flag_id, r.payment_id FROM flagged.findings f JOIN matched.receipts r ON r.receipt_id = f.subject_id WHERE r.payment_id IS NOT NULL
ORDER BY ALL
