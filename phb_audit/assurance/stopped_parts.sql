-- one row per part of scores that the stop rule put back in the newest night that kept rates
SELECT part_name, group_codes FROM watched.stopped_parts
WHERE run_id = (SELECT run_id FROM nights.runs SEMI JOIN watched.group_rates USING (run_id) ORDER BY as_of_on DESC LIMIT 1)
ORDER BY part_name
