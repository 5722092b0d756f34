-- one row per file that says who holders are: registers of people before those of budgets, the newest first
SELECT file_id, file_name FROM landed.files
WHERE state_code = 'landed' AND feed_code IN ('people', 'budgets')
ORDER BY feed_code = 'people' DESC, run_id DESC, file_name DESC
