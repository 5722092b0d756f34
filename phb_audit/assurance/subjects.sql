-- one row per admitted row that is not a payment: where it came from and what the night calls it
SELECT 'receipt' AS subject_code, file_id, line_number, receipt_id AS thing_id FROM validated.receipts
UNION
SELECT 'receipt', file_id, line_number, receipt_id FROM validated.receipt_lines
UNION
SELECT 'pay_slip', file_id, line_number, pay_slip_id FROM validated.pay_slips
UNION
SELECT 'instalment', file_id, line_number, instalment_id FROM validated.instalments
UNION
SELECT 'plan', file_id, line_number, plan_version_id FROM validated.plans
UNION
SELECT 'plan', file_id, line_number, plan_version_id FROM validated.plan_outcomes
UNION
SELECT 'plan', file_id, line_number, plan_version_id FROM validated.plan_lines
UNION
SELECT 'claim', file_id, line_number, claim_id FROM validated.council_claims
ORDER BY ALL
