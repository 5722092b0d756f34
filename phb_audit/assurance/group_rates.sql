-- one row per measure and care group of the newest night that kept rates
SELECT * FROM watched.group_rates
WHERE run_id = (SELECT run_id FROM nights.runs SEMI JOIN watched.group_rates USING (run_id) ORDER BY as_of_on DESC LIMIT 1)
ORDER BY measure_code, group_code
