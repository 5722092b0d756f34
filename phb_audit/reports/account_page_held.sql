-- one row per feed of one holder of which rows stand refused tonight
SELECT DISTINCT feed_code FROM validated.held_back WHERE holder_id = $holder_id AND run_id = $run_id ORDER BY feed_code
