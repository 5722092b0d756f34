-- one row per night whose landed rows have not been through the gate: tonight, and earlier nights that ended before it
WITH gated AS (
    SELECT run_id, bool_and(is_met OR severity_code <> 'stop') AS is_through
    FROM validated.checks
    WHERE starts_with(suite_name, 'landed_')
    GROUP BY run_id
)
SELECT DISTINCT run_id
FROM landed.files
WHERE run_id < $run_id AND run_id NOT IN (SELECT run_id FROM gated WHERE is_through)
UNION ALL
SELECT $run_id
ORDER BY run_id
