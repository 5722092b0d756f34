-- one row per holder and feed held back tonight
SELECT 'PHB-' || upper(substr(holder_id, 2, 6)) AS holder, feed_code, rows_refused, reason
FROM validated.held_back
WHERE run_id = $run_id
ORDER BY holder, feed_code
