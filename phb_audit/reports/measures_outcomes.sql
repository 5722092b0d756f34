-- one row: whether outcome records were ever admitted
SELECT count(*) > 0 AS is_sent FROM validated.outcome_records
