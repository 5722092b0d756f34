-- One row per change of a limit: those with a first day, and those without one that differ from what the night before used.
WITH tonight AS (SELECT * FROM nights.limits WHERE run_id = $run_id),
earlier AS (
    SELECT rule_id, limit_name, value_shown FROM nights.limits
    WHERE from_on IS NULL AND run_id = (SELECT max(run_id) FROM nights.limits WHERE run_id < $run_id) -- a run's id ends in its day
),
stepped AS (
    SELECT *, lag(value_shown) OVER (PARTITION BY rule_id, limit_name ORDER BY from_on NULLS FIRST) AS before_shown FROM tonight
)
SELECT rule_id, limit_name, from_on, told_on, before_shown, value_shown FROM stepped
WHERE from_on IS NOT NULL AND value_shown IS DISTINCT FROM before_shown
UNION ALL
SELECT rule_id, limit_name, NULL, NULL, earlier.value_shown, tonight.value_shown
FROM tonight JOIN earlier USING (rule_id, limit_name)
WHERE tonight.from_on IS NULL AND tonight.value_shown <> earlier.value_shown
ORDER BY rule_id, limit_name, from_on
