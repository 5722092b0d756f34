-- one row per value the installation's own limits.toml writes
SELECT * EXCLUDE (run_id) FROM nights.own_limits WHERE run_id = $run_id ORDER BY change_id IS NOT NULL, rule_id, limit_name, from_on NULLS FIRST
