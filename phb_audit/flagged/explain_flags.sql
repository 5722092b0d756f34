-- One row per flag of a holder that stands, was settled or was cleared, of the lanes in sees.
WITH stands AS (
    SELECT *, 'ordinary' AS lane_code FROM flagged.findings
    UNION ALL BY NAME
    SELECT * FROM apart.findings SEMI JOIN sees USING (lane_code)
),
named AS (
    SELECT case_id, case_ref FROM flagged.cases UNION ALL SELECT case_id, case_ref FROM apart.cases
),
gone AS (
    SELECT *, 'ordinary' AS lane_code FROM flagged.cleared WHERE NOT coalesce(is_restricted, true)
    UNION ALL BY NAME
    SELECT * FROM apart.cleared SEMI JOIN sees USING (lane_code)
)
SELECT flag_id, 'flagged' AS verdict, rule_id, case_id, case_ref, payment_id, sentence, lane_code, rule_version
FROM stands LEFT JOIN named USING (case_id) WHERE holder_id = $holder_id
UNION ALL
SELECT flag_id, 'settled', rule_id, NULL, NULL, payment_id, sentence, 'ordinary', NULL FROM flagged.suppressed WHERE holder_id = $holder_id
UNION ALL
SELECT flag_id, 'cleared', rule_id, NULL, NULL, payment_id, sentence || ' Cleared: ' || because, lane_code, NULL FROM gone WHERE holder_id = $holder_id
ORDER BY 2, 3, 1
