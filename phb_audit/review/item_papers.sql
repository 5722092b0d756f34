-- one row per receipt that lies beside a payment of a case, or may, with the payment's own words
WITH asked AS (
    SELECT payment_id FROM flagged.cases WHERE case_id = $case_id AND payment_id IS NOT NULL
    UNION
    SELECT f.payment_id FROM flagged.findings f JOIN flagged.cases c USING (case_id) WHERE c.case_id = $case_id AND c.payment_id IS NULL
)
SELECT l.link_code, l.because, p.paid_on, p.amount_pence, p.payee_shown, p.payee_ref IS NOT NULL AS is_person_paid,
       r.receipt_id, r.file_id, r.supplier_name, r.invoice_number, r.dated_on, r.received_on, r.total_pence, r.vat_pence, r.image_hash,
       r.is_readable, r.is_paper, r.times_used_count
FROM asked
JOIN matched.payments p USING (payment_id)
JOIN matched.receipt_links l USING (payment_id)
JOIN shown.receipts r ON r.receipt_id = l.receipt_id
ORDER BY p.paid_on, p.payment_id, l.link_code = 'open', r.receipt_id
