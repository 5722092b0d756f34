-- one row per night, newest first
SELECT
    runs.run_id,
    runs.as_of_on,
    runs.state_code,
    runs.stage_name,
    runs.problem,
    (SELECT count(*) FROM flagged.findings AS f WHERE f.first_run_id = runs.run_id)::BIGINT AS new_flags_count,
    (SELECT count(*) FROM flagged.cases AS c WHERE c.first_flagged_on = runs.as_of_on)::BIGINT AS new_cases_count,
    (SELECT count(*) FROM validated.quarantine AS q WHERE q.run_id = runs.run_id)::BIGINT AS quarantined_count
FROM nights.runs AS runs
ORDER BY runs.as_of_on DESC
LIMIT $most
