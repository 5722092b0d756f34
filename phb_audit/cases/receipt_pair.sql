-- one row per payment and receipt of one holder: what they say of who was paid; no row where they are not one holder's
SELECT payments.holder_id, payments.payee_text, receipts.supplier_name
FROM validated.payments AS payments
JOIN validated.receipts AS receipts ON receipts.holder_id = payments.holder_id
WHERE payments.payment_id = $payment_id AND receipts.receipt_id = $receipt_id
