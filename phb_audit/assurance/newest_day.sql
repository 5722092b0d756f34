-- one row: the newest night that came to its end, and its day
SELECT run_id, as_of_on FROM nights.runs WHERE state_code = 'published' ORDER BY as_of_on DESC, run_id DESC LIMIT 1
