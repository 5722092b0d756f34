-- One row: the latest day the receipts feed spoke of on a night; null when it never came.
SELECT max(last_data_on) AS reached_on FROM landed.feeds WHERE run_id = $run_id AND feed_code = 'receipts'
