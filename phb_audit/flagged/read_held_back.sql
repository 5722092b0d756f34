-- One row per holder and feed held back tonight.
SELECT DISTINCT holder_id, feed_code FROM validated.held_back WHERE run_id = $run_id ORDER BY holder_id, feed_code
