-- one row per file that arrived tonight
SELECT
    file_id || ' ' || file_name AS row_id,
    file_id,
    file_name,
    feed_code,
    state_code,
    coalesce(reason, '') AS refusal,
    rows_read,
    rows_landed,
    rows_repeated
FROM landed.files
WHERE run_id = $run_id
ORDER BY file_name, file_id
