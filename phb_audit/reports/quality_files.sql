-- one row per file that arrived tonight, refused ones first
SELECT file_name, feed_code, state_code, coalesce(reason, '') AS reason, rows_read, rows_landed, rows_repeated, left(file_id, 12) AS hash
FROM landed.files
WHERE run_id = $run_id
ORDER BY CASE state_code WHEN 'refused' THEN 0 WHEN 'landed' THEN 1 ELSE 2 END, file_name, file_id
