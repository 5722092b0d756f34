-- one row per finding of any lane
WITH every AS (SELECT * FROM flagged.findings UNION ALL BY NAME SELECT * EXCLUDE (lane_code) FROM apart.findings)
SELECT flag_id, case_id, rule_id, holder_id, subject_code, payment_id, subject_on, outcome_code, is_commissioners
FROM every
ORDER BY flag_id
