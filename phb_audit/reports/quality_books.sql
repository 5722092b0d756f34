-- one row per line of the books of the stages so far, in the order of the night
SELECT stage_name, side_code, item, rows_count, sum_pence
FROM nights.control_totals
WHERE run_id = $run_id
ORDER BY CASE stage_name WHEN 'landed' THEN 0 WHEN 'validated' THEN 1 WHEN 'classified' THEN 2 WHEN 'matched' THEN 3 WHEN 'flagged' THEN 4 ELSE 5 END,
    stage_name, side_code, item
