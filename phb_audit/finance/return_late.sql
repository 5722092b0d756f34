-- one row: whether the register of budgets was late in the night of $run_id; null where it was never expected
SELECT bool_or(is_late) AS is_late FROM landed.feeds WHERE run_id = $run_id AND feed_code = 'budgets'
