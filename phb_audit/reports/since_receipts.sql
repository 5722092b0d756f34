-- one row: how many receipts of one holder were admitted after a night
SELECT count(*)::BIGINT FROM validated.receipts WHERE holder_id = $holder_id AND run_id > $last
