-- one row per receipt that may stand beside an asked payment: the open ones, and earlier ones that lie beside no payment matched before
CREATE OR REPLACE TEMP TABLE candidate_receipts AS
WITH near AS (
    SELECT receipts.*, opened.receipt_id IS NOT NULL AS is_open
    FROM validated.receipts AS receipts
    JOIN holders_open ON holders_open.holder_id = receipts.holder_id
    LEFT JOIN open_receipts AS opened ON opened.receipt_id = receipts.receipt_id
    WHERE opened.receipt_id IS NOT NULL
       OR coalesce(receipts.dated_on, receipts.received_on) >= holders_open.first_open_on - $far_days
       OR receipts.receipt_id IN (SELECT receipt_id FROM held_receipts)
),
taken AS (
    SELECT matched.receipt_id, matched.payment_id, payments.payment_id IS NULL OR coalesce(asked.is_open OR asked.is_held, FALSE) AS is_loose
    FROM (SELECT receipt_id, payment_id FROM matched.receipts SEMI JOIN near USING (receipt_id) WHERE payment_id IS NOT NULL) AS matched
    LEFT JOIN validated.payments AS payments ON payments.payment_id = matched.payment_id
    LEFT JOIN asked_payments AS asked ON asked.payment_id = matched.payment_id
)
SELECT near.receipt_id, near.holder_id, near.supplier_name, near.invoice_number, near.dated_on, near.received_on, near.total_pence,
    near.image_hash, near.picture_mark, near.numbers_mark, near.run_id, near.line_number, near.is_open, taken.receipt_id IS NOT NULL AS was_taken
FROM near LEFT JOIN taken USING (receipt_id)
WHERE near.is_open OR coalesce(taken.is_loose, TRUE)
