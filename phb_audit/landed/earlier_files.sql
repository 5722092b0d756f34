-- one row per file that another night landed, with its rows and pence
SELECT file_id, feed_code, layout_code, max(rows_read) AS rows_read, max(pence_read) AS pence_read
FROM landed.files
WHERE run_id <> $run_id AND state_code = 'landed'
GROUP BY file_id, feed_code, layout_code
