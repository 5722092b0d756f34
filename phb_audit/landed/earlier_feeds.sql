-- one row per feed that other nights up to this one saw: the latest day it spoke of
SELECT feed_code, max(last_data_on) AS last_data_on
FROM landed.feeds
WHERE run_id <> $run_id AND last_data_on <= $as_of
GROUP BY feed_code
