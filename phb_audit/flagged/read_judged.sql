-- One row per kind of purchase and team with cases about the plan that somebody closed: how many purchases were agreed, and how many were not.
WITH teams AS (
    SELECT holder_id, any_value(area_name) AS area_name FROM validated.budgets WHERE area_name IS NOT NULL
    GROUP BY holder_id HAVING count(DISTINCT area_name) = 1
),
closed AS (
    -- as it was seen with the decision: later papers may have left no flag of it
    SELECT decided.cases.state_code, paid.category_code, teams.area_name
    FROM decided.cases
    LEFT JOIN flagged.cases USING (case_id)
    JOIN matched.payments AS paid ON paid.payment_id = coalesce(flagged.cases.payment_id, decided.cases.payment_id)
    JOIN teams ON teams.holder_id = decided.cases.holder_id
    WHERE decided.cases.state_code IN ('agreed', 'not_agreed')
)
SELECT category_code, area_name, count(*) FILTER (WHERE state_code = 'agreed')::BIGINT AS agreed_count,
    count(*) FILTER (WHERE state_code = 'not_agreed')::BIGINT AS refused_count
FROM closed GROUP BY category_code, area_name ORDER BY category_code, area_name
