-- one row: rows and pence of the payments in the published file
SELECT count(*)::BIGINT AS rows_count, coalesce(sum(amount_pence), 0)::BIGINT AS sum_pence
FROM read_parquet($path)
