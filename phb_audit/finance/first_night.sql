-- one row: the day of the first night that came to its end; null before any
SELECT min(as_of_on) AS first_on FROM nights.runs WHERE state_code = 'published'
