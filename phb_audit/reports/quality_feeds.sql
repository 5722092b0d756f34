-- one row per feed expected tonight, late ones first
SELECT feed_code, owner, last_data_on, usual_days, is_late
FROM landed.feeds
WHERE run_id = $run_id
ORDER BY is_late DESC, feed_code
