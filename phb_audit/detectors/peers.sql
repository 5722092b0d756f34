-- One row per month, care group ('*': all of them) and category: what all holders paid for it in the three months before the month.
WITH bought AS (
    SELECT date_trunc('month', paid_on)::DATE AS month_on, coalesce(care_group_code, '') AS care_group_code, category_code, amount_pence, holder_id
    FROM matched.payments
    WHERE is_spend AND amount_pence > 0 AND NOT is_abstained AND paid_on >= $from_on - INTERVAL 4 MONTHS
),
ahead AS (
    SELECT (month_on + to_months(step::INTEGER))::DATE AS month_on, care_group_code, category_code, amount_pence, holder_id
    FROM bought, range(1, 4) AS steps (step)
),
grouped AS (
    SELECT month_on, CASE WHEN grouping(care_group_code) = 1 THEN '*' ELSE care_group_code END AS care_group_code, category_code,
        count(*) AS lines_count, count(DISTINCT holder_id) AS holders_count,
        quantile_disc(amount_pence, 0.5) AS middle_pence, quantile_disc(amount_pence, 0.9) AS high_pence
    FROM ahead GROUP BY GROUPING SETS ((month_on, care_group_code, category_code), (month_on, category_code))
)
SELECT *, sum(lines_count) FILTER (WHERE care_group_code = '*') OVER (PARTITION BY month_on)::BIGINT AS month_count
FROM grouped WHERE month_on BETWEEN $from_on AND $to_on
ORDER BY month_on, care_group_code, category_code
