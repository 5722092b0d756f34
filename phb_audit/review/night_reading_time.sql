-- one row: what of the night's list fits in a week's minutes, and what one more hour would find
SELECT * FROM flagged.reading_time WHERE run_id = $run_id
