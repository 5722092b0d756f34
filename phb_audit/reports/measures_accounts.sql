-- one row: people with a direct payment or a third party's account in the period, and those of whom no statement line of it came
WITH held AS (
    SELECT DISTINCT holder_id FROM validated.budgets
    WHERE holding_code IN ('direct_payment', 'third_party') AND coalesce(starts_on, $first_on) <= $last_on AND coalesce(ends_on, $last_on) >= $first_on
),
seen AS (
    SELECT DISTINCT holder_id FROM matched.payments WHERE paid_on BETWEEN $first_on AND $last_on
)
SELECT count(*) AS held_count, count(*) FILTER (seen.holder_id IS NULL) AS silent_count
FROM held LEFT JOIN seen USING (holder_id)
