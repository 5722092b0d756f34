-- One row per closed case, as a lesson about the flags that were seen, decided by the day, with the care group of the newest budget.
WITH groups AS (
    SELECT holder_id, arg_max(care_group_code, (coalesce(starts_on, DATE '1900-01-01'), budget_id)) AS care_group_code
    FROM validated.budgets
    GROUP BY holder_id
)
SELECT judgements.*, coalesce(groups.care_group_code, '') AS care_group_code
FROM decided.judgements LEFT JOIN groups USING (holder_id)
WHERE decided_on <= $as_of
ORDER BY event_number
