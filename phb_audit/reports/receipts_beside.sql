-- one row per payment in asked and receipt that stands beside it, or may, as both are told; what is beside a payment to a person counts as theirs
WITH papers AS (
    SELECT DISTINCT links.receipt_id FROM matched.receipt_links AS links SEMI JOIN asked USING (payment_id)
),
persons AS (
    SELECT DISTINCT links.receipt_id
    FROM matched.receipt_links AS links
    SEMI JOIN papers USING (receipt_id)
    JOIN matched.payments AS paid USING (payment_id)
    WHERE paid.payee_ref IS NOT NULL
)
SELECT links.payment_id, links.link_code, links.because, paid.paid_on, paid.amount_pence, paid.payee_shown,
    persons.receipt_id IS NOT NULL AS is_person_paid,
    receipts.receipt_id, receipts.file_id, receipts.supplier_name, receipts.invoice_number, receipts.dated_on, receipts.received_on,
    receipts.total_pence, receipts.vat_pence, receipts.image_hash, receipts.is_readable,
    coalesce(receipts.image_hash = receipts.file_id, FALSE) AS is_paper, coalesce(used.times_used_count, 0) AS times_used_count
FROM matched.receipt_links AS links
SEMI JOIN asked USING (payment_id)
JOIN matched.payments AS paid USING (payment_id)
JOIN validated.receipts AS receipts ON receipts.receipt_id = links.receipt_id
LEFT JOIN matched.receipts AS used ON used.receipt_id = links.receipt_id
LEFT JOIN persons ON persons.receipt_id = links.receipt_id
ORDER BY paid.paid_on, links.payment_id, links.link_code = 'open', receipts.receipt_id
