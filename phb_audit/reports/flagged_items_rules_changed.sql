-- one row per rule whose version is another than in the night before
SELECT rule_id, earlier_version, rule_version, change_code FROM nights.rules
WHERE run_id = $run_id AND change_code NOT IN ('none', 'first_night')
ORDER BY rule_id
