-- one row: the hash of all rules and limits, where the night wrote it down
SELECT max(rules_version) AS rules_version FROM nights.runs WHERE run_id = $run_id
