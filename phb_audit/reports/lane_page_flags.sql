-- one row per flag of a lane, with every word it carries
SELECT * FROM apart.findings WHERE lane_code = $lane ORDER BY case_id, severity DESC, rule_id, flag_id
