-- one row: how many stages of a night kept books
SELECT count(DISTINCT stage_name) AS stages_count FROM nights.control_totals WHERE run_id = $run_id
