-- one row: the day of the newest night that came to its end
SELECT max(as_of_on) AS as_of_on FROM nights.runs WHERE state_code = 'published'
