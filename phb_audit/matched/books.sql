-- one row per side and item of tonight's books: payments looked at or brought up to date, and how they match
WITH kept AS (
    SELECT payment_id, amount_pence FROM asked_payments WHERE is_open
    UNION ALL SELECT payment_id, amount_pence FROM asked_payments SEMI JOIN older_kept USING (payment_id) WHERE NOT is_open
),
updated AS (
    SELECT payment_id FROM (SELECT payment_id FROM matched.payments WHERE run_id = $run_id) ANTI JOIN kept USING (payment_id)
)
SELECT 'in' AS side, 'admitted payments matched or brought up to date' AS item, count(*) AS rows_count,
    coalesce(sum(amount_pence), 0)::BIGINT AS sum_pence
FROM (SELECT amount_pence FROM kept UNION ALL SELECT amount_pence FROM validated.payments SEMI JOIN updated USING (payment_id))
UNION ALL
SELECT 'out', match_code, count(*), sum(amount_pence)::BIGINT FROM matched.payments WHERE run_id = $run_id GROUP BY match_code
