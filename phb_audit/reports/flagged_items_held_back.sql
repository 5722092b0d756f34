-- one row per feed whose refused rows hold people back tonight
SELECT feed_code, count(DISTINCT holder_id) AS holders_count, sum(rows_refused)::BIGINT AS rows_count
FROM validated.held_back
WHERE run_id = $run_id
GROUP BY feed_code
ORDER BY feed_code
