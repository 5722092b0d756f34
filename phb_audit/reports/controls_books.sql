-- one row per stage of a night whose books do not balance
SELECT stage_name
FROM nights.control_totals
WHERE run_id = $run_id
GROUP BY stage_name
HAVING sum(CASE side_code WHEN 'in' THEN rows_count ELSE -rows_count END) <> 0
    OR sum(CASE side_code WHEN 'in' THEN sum_pence ELSE -sum_pence END) <> 0
ORDER BY stage_name
