-- one row: the classifier the night began with
SELECT coalesce(max(classifier), 'shipped') AS classifier FROM nights.carried WHERE run_id = $run_id
