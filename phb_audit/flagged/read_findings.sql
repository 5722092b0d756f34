-- One row per flag that stays as an earlier night left it, whatever its lane.
SELECT * FROM (
    SELECT *, false AS is_from_apart FROM flagged.findings SEMI JOIN staying USING (flag_id)
    UNION ALL BY NAME
    SELECT * EXCLUDE (lane_code), true AS is_from_apart FROM apart.findings SEMI JOIN staying USING (flag_id)
) ORDER BY flag_id
