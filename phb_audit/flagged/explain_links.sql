-- one row per receipt that stands beside a payment or may: what it says, why, and whether its picture is kept
SELECT links.receipt_id, links.link_code, links.because, receipts.supplier_name, receipts.total_pence, receipts.dated_on,
    coalesce(receipts.image_hash = receipts.file_id, FALSE) AS is_paper
FROM matched.receipt_links AS links JOIN validated.receipts AS receipts USING (receipt_id)
WHERE links.payment_id = $payment_id
ORDER BY links.points DESC, links.receipt_id
