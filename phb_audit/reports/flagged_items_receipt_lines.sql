-- one row per line of a receipt beside a payment of the cases in shown_cases (none where a person was paid)
SELECT c.case_id, l.description, l.line_total_pence, k.category_code
FROM flagged.cases c
JOIN shown_cases USING (case_id)
JOIN matched.payments p ON p.payment_id = c.payment_id AND p.payee_ref IS NULL
JOIN validated.receipt_lines l ON l.receipt_id = p.receipt_id
LEFT JOIN classified.receipt_lines k ON k.receipt_line_id = l.receipt_line_id
ORDER BY c.case_id, l.line_number, l.receipt_line_id
