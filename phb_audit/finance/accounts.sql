-- one row per holder: all accounts together, as they stood in the night that last looked at each; unknown where one is unknown
SELECT holder_id, CASE WHEN count(balance_pence) = count(*) THEN sum(balance_pence)::BIGINT END AS balance_pence,
    sum(due_pence)::BIGINT AS due_pence, sum(planned_pence)::BIGINT AS planned_pence, max(weekly_pence) AS weekly_pence
FROM (
    SELECT * FROM matched.accounts QUALIFY row_number() OVER (PARTITION BY account_id, holder_id ORDER BY run_id DESC) = 1
)
WHERE holding_code <> 'notional'
GROUP BY holder_id
ORDER BY holder_id
