-- one row per holder with a budget: the care group of the newest one
SELECT holder_id, arg_max(care_group_code, coalesce(starts_on, DATE '1900-01-01')) AS care_group_code
FROM validated.budgets
GROUP BY holder_id
ORDER BY holder_id
