-- one row per finding
SELECT flag_id, case_id, rule_id, holder_id, subject_code, payment_id, subject_on, outcome_code, is_commissioners
FROM flagged.findings
ORDER BY flag_id
