-- One row per care group and category: what purchases of all holders within some days come to, and the share of the category in all of them.
WITH bought AS (
    SELECT coalesce(care_group_code, '') AS care_group_code, category_code, amount_pence, holder_id
    FROM matched.payments
    WHERE paid_on BETWEEN $from_on AND $to_on AND kind_code = 'purchase' AND amount_pence > 0 AND NOT is_abstained
),
grouped AS (
    SELECT care_group_code, category_code, count(*) AS lines_count, count(DISTINCT holder_id) AS holders_count,
        quantile_disc(amount_pence, 0.5) AS middle_pence, quantile_disc(amount_pence, 0.99) AS high_pence
    FROM bought GROUP BY ALL
)
SELECT *, sum(lines_count) OVER (PARTITION BY category_code) AS category_count, sum(lines_count) OVER () AS all_count
FROM grouped ORDER BY care_group_code, category_code
