-- one row per payment of one account and receipt that stands beside it, the newest first: both as they are told, and whether there is a paper
SELECT paid.payment_id, paid.paid_on, paid.amount_pence, paid.payee_shown, paid.payee_ref IS NOT NULL AS is_person_paid, links.because,
    receipts.receipt_id, receipts.file_id, receipts.supplier_name, receipts.dated_on, receipts.total_pence, receipts.vat_pence, receipts.image_hash,
    coalesce(receipts.image_hash = receipts.file_id, FALSE) AS is_paper
FROM validated.payments AS lines
JOIN matched.payments AS paid USING (payment_id)
JOIN matched.receipt_links AS links ON links.payment_id = paid.payment_id AND links.link_code <> 'open'
JOIN validated.receipts AS receipts ON receipts.receipt_id = links.receipt_id
WHERE lines.account_id = $account_id AND lines.holder_id = $holder_id
ORDER BY paid.paid_on DESC, paid.payment_id, receipts.receipt_id
