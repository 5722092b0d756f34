-- one row: the newest night that came to its end
SELECT run_id, as_of_on, commissioner_code FROM nights.runs WHERE state_code = 'published' ORDER BY as_of_on DESC, run_id DESC LIMIT 1
