-- one row per holder and feed with refused rows that are still open
SELECT
    $run_id AS run_id,
    holder_id,
    feed_code,
    count(*) AS rows_refused,
    count(*) || CASE WHEN count(*) = 1 THEN ' row' ELSE ' rows' END || ' of the feed ''' || feed_code || ''' could not be admitted: '
        || string_agg(DISTINCT reason, ' ' ORDER BY reason) AS reason
FROM validated.quarantine
WHERE state_code = 'open' AND holder_id IS NOT NULL AND list_contains($tables, table_name)
GROUP BY holder_id, feed_code
ORDER BY holder_id, feed_code
