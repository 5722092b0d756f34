-- one row per line of a plan version that was ever in force: what it costs, for which days, and the kind of outcome it serves
WITH versions AS (
    SELECT plan_version_id, holder_id, version, effective_from_on, effective_to_on, status_code, approved_on
    FROM validated.plans
    QUALIFY row_number() OVER (PARTITION BY plan_version_id ORDER BY run_id DESC, line_number DESC) = 1
),
lines AS (
    SELECT * FROM validated.plan_lines QUALIFY row_number() OVER (PARTITION BY plan_line_id ORDER BY run_id DESC, line_number DESC) = 1
),
goals AS (
    SELECT outcome_id, arg_max(goal_type, (run_id, line_number)) AS goal_type FROM validated.plan_outcomes GROUP BY outcome_id
)
SELECT lines.plan_line_id, lines.plan_version_id, versions.holder_id, coalesce(lines.category_code, 'not_told') AS category_code,
    lines.frequency_code, lines.annual_pence, lines.outcome_id,
    CASE WHEN lines.outcome_id IS NULL THEN 'no_outcome' ELSE coalesce(goals.goal_type, 'not_told') END AS goal_type,
    greatest(versions.effective_from_on, lines.starts_on) AS starts_on, least(versions.effective_to_on, lines.ends_on) AS ends_on,
    versions.effective_from_on, versions.effective_to_on, versions.version, lines.alternative_annual_pence
FROM lines
JOIN versions USING (plan_version_id)
LEFT JOIN goals ON goals.outcome_id = lines.outcome_id
WHERE versions.status_code IN ('approved', 'superseded') OR (versions.status_code IS NULL AND versions.approved_on IS NOT NULL)
ORDER BY lines.plan_line_id
