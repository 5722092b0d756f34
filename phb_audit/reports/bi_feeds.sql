-- one row per feed expected in the night of $run_id, with all it ever sent
SELECT f.feed_code, f.owner, f.last_data_on, f.is_late, coalesce(came.files_count, 0) AS files_count,
    coalesce(came.rows_count, 0)::BIGINT AS rows_count, coalesce(refused.refused_count, 0) AS refused_count
FROM landed.feeds AS f
LEFT JOIN (
    SELECT feed_code, count(*) AS files_count, sum(rows_landed) AS rows_count FROM landed.files WHERE state_code = 'landed' GROUP BY feed_code
) AS came USING (feed_code)
LEFT JOIN (
    SELECT feed_code, count(*) AS refused_count FROM validated.quarantine WHERE state_code = 'open' GROUP BY feed_code
) AS refused USING (feed_code)
WHERE f.run_id = $run_id
ORDER BY f.feed_code
