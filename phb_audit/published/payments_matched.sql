-- one row: rows and pence of the payments matched tonight
SELECT count(*)::BIGINT AS rows_count, coalesce(sum(amount_pence), 0)::BIGINT AS sum_pence
FROM matched.payments
WHERE run_id = $run_id
