-- one row per check of tonight's data that was not met
SELECT suite_name, reason, severity_code, fix_owner, rows_failed, rows_checked
FROM validated.checks
WHERE run_id = $run_id AND NOT is_met
ORDER BY CASE severity_code WHEN 'stop' THEN 0 WHEN 'quarantine' THEN 1 ELSE 2 END, rows_failed DESC, suite_name, expectation_name
