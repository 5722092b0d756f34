-- one row per case in shown_cases that is about several payments, and payment of it
SELECT DISTINCT c.case_id, p.paid_on, p.payment_id, p.payee_shown, p.amount_pence, coalesce(p.plan_line_words, p.outcome_words) AS plan_words,
       p.match_code, p.receipt_id IS NOT NULL AS has_receipt
FROM flagged.cases c
JOIN shown_cases USING (case_id)
JOIN flagged.findings f USING (case_id)
JOIN matched.payments p ON p.payment_id = f.payment_id
WHERE c.payment_id IS NULL
ORDER BY c.case_id, p.paid_on, p.payment_id
