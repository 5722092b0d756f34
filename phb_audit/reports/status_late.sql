-- one row per feed that was late on the newest night
SELECT feed_code, owner, last_data_on
FROM landed.feeds
WHERE is_late AND run_id = (SELECT run_id FROM nights.runs ORDER BY as_of_on DESC LIMIT 1)
ORDER BY feed_code
