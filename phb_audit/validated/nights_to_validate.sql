-- one row per night whose landed rows have not been through the gate: tonight, and earlier nights that ended before it
SELECT run_id
FROM (SELECT DISTINCT run_id FROM landed.files WHERE run_id < $run_id)
WHERE run_id NOT IN (SELECT run_id FROM validated.checks)
    OR run_id IN (SELECT run_id FROM validated.checks WHERE severity_code = 'stop' AND NOT is_met)
UNION ALL
SELECT $run_id
ORDER BY run_id
