-- one row: refused rows that tonight closed because they, or their repair, were admitted
SELECT
    count(*) FILTER (state_code = 'readmitted') AS readmitted_count,
    count(*) FILTER (state_code = 'replaced') AS replaced_count
FROM validated.quarantine
WHERE closed_run_id = $run_id
