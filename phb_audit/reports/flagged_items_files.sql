-- one row per file that arrived tonight
SELECT file_name, feed_code, state_code, reason, rows_read, rows_landed, rows_repeated, file_id
FROM landed.files
WHERE run_id = $run_id
ORDER BY state_code = 'landed', feed_code, file_name, file_id
