-- one row per feed that is late
SELECT feed_code, owner, last_data_on, usual_days
FROM landed.feeds
WHERE run_id = $run_id AND is_late
ORDER BY last_data_on NULLS FIRST, feed_code
