-- One row: the latest earlier night that was published, and the rules it used; no row on the first night.
SELECT run_id, as_of_on, rules_version FROM nights.runs WHERE as_of_on < $as_of AND state_code = 'published' ORDER BY as_of_on DESC, run_id LIMIT 1
