-- one row per holder in holders_now: what their plan in force has them save for and has not been spent: one-off items agreed within the year,
-- and of yearly lines the part of the year that has passed
WITH versions AS (
    SELECT plan_version_id, holder_id, plan_ref, effective_from_on
    FROM (
        SELECT * FROM validated.plans SEMI JOIN holders_now USING (holder_id)
        QUALIFY row_number() OVER (PARTITION BY plan_version_id ORDER BY run_id DESC, line_number DESC) = 1
    )
    WHERE (status_code IN ('approved', 'superseded') OR (status_code IS NULL AND approved_on IS NOT NULL))
        AND effective_from_on <= $as_of AND (effective_to_on IS NULL OR effective_to_on >= $as_of)
    QUALIFY row_number() OVER (PARTITION BY holder_id ORDER BY effective_from_on DESC, version DESC, plan_version_id DESC) = 1
),
agreed AS (
    SELECT versions.holder_id, versions.plan_ref, line_ref, frequency_code, annual_pence,
        greatest(coalesce(starts_on, effective_from_on), effective_from_on - 365) AS from_on
    FROM validated.plan_lines JOIN versions USING (plan_version_id)
    WHERE frequency_code IN ('one-off', 'annual') AND annual_pence > 0
        AND coalesce(starts_on, effective_from_on) <= $as_of AND (ends_on IS NULL OR ends_on >= $as_of)
    QUALIFY row_number() OVER (PARTITION BY plan_line_id ORDER BY validated.plan_lines.run_id DESC, validated.plan_lines.line_number DESC) = 1
),
lines AS (
    SELECT *, CASE WHEN frequency_code = 'annual' THEN CAST(from_on + to_years(date_part('year', age($as_of, from_on))::INTEGER) AS DATE) END AS year_on
    FROM agreed WHERE frequency_code = 'annual' OR from_on > $as_of - 365
),
spent AS (
    -- an item agreed in an earlier version of the plan and bought then is bought, and so is one bought before the version or line that agrees it
    SELECT plans.holder_id, plans.plan_ref, plan_lines.line_ref, paid.paid_on, paid.amount_pence
    FROM matched.payments AS paid
    SEMI JOIN holders_now USING (holder_id)
    JOIN (SELECT DISTINCT plan_line_id, plan_version_id, line_ref FROM validated.plan_lines) AS plan_lines
        ON plan_lines.plan_line_id = coalesce(paid.later_plan_line_id, paid.plan_line_id)
    JOIN (SELECT DISTINCT plan_version_id, holder_id, plan_ref FROM validated.plans) AS plans
        ON plans.plan_version_id = plan_lines.plan_version_id
    WHERE paid.is_spend AND paid.paid_on > $as_of - 730
),
left_over AS (
    SELECT lines.holder_id, lines.plan_ref, lines.line_ref,
        greatest(
            CASE WHEN year_on IS NULL THEN any_value(annual_pence) ELSE any_value(annual_pence) * ($as_of - year_on + 1) // 365 END
                - coalesce(sum(spent.amount_pence) FILTER (WHERE year_on IS NULL OR spent.paid_on >= year_on), 0),
            0
        ) AS planned_pence
    FROM lines LEFT JOIN spent USING (holder_id, plan_ref, line_ref)
    GROUP BY lines.holder_id, lines.plan_ref, lines.line_ref, year_on
)
SELECT holder_id, sum(planned_pence)::BIGINT AS planned_pence FROM left_over GROUP BY holder_id ORDER BY holder_id
