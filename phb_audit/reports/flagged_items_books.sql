-- one row per line of the night's books
SELECT stage_name, side_code, item, rows_count, sum_pence
FROM nights.control_totals
WHERE run_id = $run_id
ORDER BY stage_name, side_code, item
