-- one row per finding of any lane and thing it touches: its subject, its payment, and the payment beside a receipt
WITH every AS (
    SELECT flag_id, subject_id, payment_id FROM flagged.findings UNION ALL SELECT flag_id, subject_id, payment_id FROM apart.findings
)
SELECT flag_id, subject_id AS thing_id FROM every
UNION
SELECT flag_id, payment_id FROM every WHERE payment_id IS NOT NULL
UNION
SELECT f.flag_id, r.payment_id FROM every f JOIN matched.receipts r ON r.receipt_id = f.subject_id WHERE r.payment_id IS NOT NULL
ORDER BY ALL
