-- One row per case in asked, of the lanes in sees: its holder and its flags.
WITH every AS (
    SELECT case_id, holder_id, flag_id, rule_id FROM flagged.findings
    UNION ALL
    SELECT case_id, holder_id, flag_id, rule_id FROM apart.findings SEMI JOIN sees USING (lane_code)
)
SELECT case_id, holder_id, list(flag_id ORDER BY flag_id) AS flag_ids, list(rule_id ORDER BY flag_id) AS rule_ids FROM every JOIN asked USING (case_id) GROUP BY ALL ORDER BY case_id
