-- one row per rule of the night before: its version, and the version of its file alone
SELECT rule_id, rule_version, text_version FROM nights.rules
WHERE run_id = (SELECT max(run_id) FROM nights.rules WHERE run_id < $run_id) -- a run's id ends in its day
ORDER BY rule_id
