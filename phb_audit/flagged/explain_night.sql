-- One row: the latest night in the warehouse.
SELECT run_id, as_of_on FROM nights.runs ORDER BY as_of_on DESC, run_id LIMIT 1
