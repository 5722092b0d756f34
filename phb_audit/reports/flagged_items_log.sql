-- one row: the newest decision the night took up, and the hash the log ended with
SELECT event_number, event_hash FROM nights.carried WHERE run_id = $run_id
