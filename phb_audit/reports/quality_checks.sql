-- one row per expectation checked tonight, those not met first
SELECT suite_name, expectation_name, severity_code, reason, coalesce(rule_ids, '') AS rule_ids, fix_owner, rows_checked, rows_failed, is_met
FROM validated.checks
WHERE run_id = $run_id
ORDER BY is_met, CASE severity_code WHEN 'stop' THEN 0 WHEN 'quarantine' THEN 1 ELSE 2 END, suite_name, expectation_name
