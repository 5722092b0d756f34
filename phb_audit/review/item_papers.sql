-- one row per case in shown_cases and receipt that lies beside a payment of it, or may, with the payment's own words
WITH asked AS (
    SELECT c.case_id, c.payment_id FROM flagged.cases c SEMI JOIN shown_cases USING (case_id) WHERE c.payment_id IS NOT NULL
    UNION
    SELECT c.case_id, f.payment_id FROM flagged.findings f JOIN flagged.cases c USING (case_id) SEMI JOIN shown_cases USING (case_id)
    WHERE c.payment_id IS NULL
)
SELECT asked.case_id, l.link_code, l.because, p.paid_on, p.amount_pence, p.payee_shown, p.payee_ref IS NOT NULL AS is_person_paid,
       r.receipt_id, r.file_id, r.supplier_name, r.invoice_number, r.dated_on, r.received_on, r.total_pence, r.vat_pence, r.image_hash,
       r.is_readable, r.is_paper, r.times_used_count
FROM asked
JOIN matched.payments p USING (payment_id)
JOIN matched.receipt_links l USING (payment_id)
JOIN shown.receipts r ON r.receipt_id = l.receipt_id
ORDER BY asked.case_id, p.paid_on, p.payment_id, l.link_code = 'open', r.receipt_id
