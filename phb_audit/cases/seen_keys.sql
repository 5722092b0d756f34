-- one row per case, or purchase to be read, that is listed, with how many moves it has seen
WITH listed AS (
    SELECT * FROM drawn.cases
    UNION ALL BY NAME
    SELECT * FROM flagged.cases ANTI JOIN drawn.cases USING (case_id)
)
SELECT c.case_id, c.case_ref, c.holder_id, c.run_id, c.severity, coalesce(d.version, 0) AS version
FROM listed c
SEMI JOIN shown_cases USING (case_id)
LEFT JOIN decided.cases d USING (case_id)
ORDER BY c.case_id
