-- one row per case in the queue, with how the budget is held and where; those to be read without their reasons are not among them
WITH latest AS (
    SELECT holder_id,
           max_by(holding_code, (coalesce(starts_on, DATE '1900-01-01'), budget_id)) AS holding_code,
           max_by(area_name, (coalesce(starts_on, DATE '1900-01-01'), budget_id)) AS area_name
    FROM validated.budgets
    GROUP BY holder_id
)
SELECT c.*,
       coalesce(p.holding_code, latest.holding_code, 'none_on_file') AS holding_code,
       latest.area_name
FROM flagged.cases c
LEFT JOIN matched.payments p USING (payment_id)
LEFT JOIN latest ON latest.holder_id = c.holder_id
WHERE c.is_queued AND c.case_id NOT IN (SELECT case_id FROM drawn.cases)
ORDER BY c.rank, c.case_id
