-- one row per receipt of a holder whose receipts the council counts, and whether a payment from the account stands beside it
SELECT DISTINCT r.receipt_id, r.holder_id, r.supplier_name AS our_supplier, r.invoice_number AS our_invoice, r.dated_on, r.total_pence,
    r.receipt_id IN (SELECT receipt_id FROM matched.payments WHERE receipt_id IS NOT NULL) AS is_paid_here
FROM validated.receipts r
SEMI JOIN validated.council_claims c USING (holder_id, dated_on, total_pence)
ORDER BY r.receipt_id
