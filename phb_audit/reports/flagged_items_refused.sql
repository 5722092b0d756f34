-- one row per owner and feed with rows that are refused and not yet repaired
SELECT fix_owner, feed_code, count(*) AS rows_count, coalesce(sum(amount_pence), 0)::BIGINT AS sum_pence,
       count(*) FILTER (run_id = $run_id) AS tonight_count
FROM validated.quarantine
WHERE state_code = 'open'
GROUP BY fix_owner, feed_code
ORDER BY rows_count DESC, fix_owner, feed_code
