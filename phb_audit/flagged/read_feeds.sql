-- One row per feed expected tonight.
SELECT * FROM landed.feeds WHERE run_id = $run_id ORDER BY feed_code
