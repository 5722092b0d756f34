-- one row: the newest published night
SELECT run_id, as_of_on FROM nights.runs WHERE state_code = 'published' ORDER BY as_of_on DESC, run_id LIMIT 1
