-- One row per flag that stood before tonight (also those an earlier try of tonight cleared), of any lane, of the holders looked at tonight.
WITH stood AS (
    SELECT * FROM flagged.findings UNION ALL BY NAME SELECT * EXCLUDE (lane_code) FROM apart.findings
),
gone AS (
    SELECT *, CASE WHEN is_restricted THEN 'restricted' ELSE 'ordinary' END AS lane_code FROM flagged.cleared
    UNION ALL BY NAME
    SELECT * FROM apart.cleared
)
SELECT flag_id, rule_id, rule_version, holder_id, payment_id, subject_code, subject_on, first_run_id, first_flagged_on, sentence,
    CASE WHEN is_safeguarding THEN 'safeguarding' WHEN is_restricted THEN 'restricted' ELSE 'ordinary' END AS lane_code
FROM stood SEMI JOIN tonight USING (holder_id) WHERE first_run_id <> $run_id
UNION ALL
SELECT flag_id, rule_id, NULL AS rule_version, holder_id, payment_id, '' AS subject_code, NULL AS subject_on, first_run_id, first_flagged_on, sentence, lane_code
FROM gone SEMI JOIN tonight USING (holder_id) WHERE run_id = $run_id
ORDER BY flag_id
