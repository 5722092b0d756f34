-- one row: the newest night and where it stands
SELECT as_of_on, state_code FROM nights.runs ORDER BY as_of_on DESC LIMIT 1
