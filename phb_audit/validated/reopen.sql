-- one row per refused row that this night had closed: open again
UPDATE validated.quarantine
SET state_code = 'open', closed_run_id = NULL
WHERE closed_run_id = $run_id
