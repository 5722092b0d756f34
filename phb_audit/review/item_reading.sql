-- one row for the payment of a case, with what was read into it and from what, and what its receipt prints besides date and total
SELECT p.category_because, p.set_codes, p.second_code, p.category_code, p.mcc_code, p.is_abstained,
       CASE WHEN p.payee_ref IS NULL THEN p.description END AS bank_words, p.paid_on, r.vat_pence, r.receipt_ref, r.image_hash
FROM flagged.cases c
JOIN matched.payments p USING (payment_id)
LEFT JOIN validated.receipts r ON r.receipt_id = p.receipt_id
WHERE c.case_id = $case_id
