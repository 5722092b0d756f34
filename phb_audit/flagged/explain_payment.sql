-- One row: a matched payment with its receipt's number, supplier and days.
SELECT p.*, r.supplier_name, r.invoice_number, r.dated_on, r.received_on, r.total_pence
FROM matched.payments p LEFT JOIN validated.receipts r ON r.receipt_id = p.receipt_id
WHERE p.payment_id = $payment_id
