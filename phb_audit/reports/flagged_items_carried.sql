-- one row at most: how far the night read the log of decisions
SELECT event_number, head_hash FROM nights.carried WHERE run_id = $run_id
