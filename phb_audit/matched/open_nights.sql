-- one row per night whose admitted rows are matched now: tonight, and earlier ones whose matching never came to an end
CREATE OR REPLACE TEMP TABLE open_nights AS
WITH nights AS (
    SELECT DISTINCT run_id FROM validated.payments
    UNION SELECT DISTINCT run_id FROM validated.receipts
    UNION SELECT DISTINCT run_id FROM validated.plan_lines
),
ended AS (
    SELECT run_id FROM nights.control_totals WHERE stage_name = 'matched'
    GROUP BY run_id HAVING sum(CASE side_code WHEN 'in' THEN rows_count ELSE -rows_count END) = 0
)
SELECT $run_id AS run_id UNION SELECT run_id FROM nights ANTI JOIN ended USING (run_id)
