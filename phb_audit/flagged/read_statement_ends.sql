-- One row per balance at which the lines of an account begin or end, of the holders asked for, from the horizon on. Each line opens at its
-- balance before it and closes at its balance after it; what another line closes or opens at cancels out. A whole statement leaves one
-- opening and one closing; a line we do not have leaves one more of each. Accounts with a line without a balance are left out.
WITH lines AS (
    SELECT payment_id, holder_id, account_id, feed_code, paid_on, amount_pence, balance_pence
    FROM validated.payments SEMI JOIN batch USING (holder_id)
    WHERE feed_code IN ('bank', 'managed') AND paid_on >= $horizon_on
),
whole AS (SELECT * FROM lines SEMI JOIN (SELECT holder_id, account_id, feed_code FROM lines GROUP BY ALL HAVING count(*) = count(balance_pence))
    USING (holder_id, account_id, feed_code)
),
ends AS (
    SELECT payment_id, holder_id, account_id, feed_code, paid_on, balance_pence + amount_pence AS at_pence, 1 AS opens FROM whole
    UNION ALL
    SELECT payment_id, holder_id, account_id, feed_code, paid_on, balance_pence, -1 FROM whole
)
SELECT holder_id, account_id, feed_code, at_pence AS balance_pence, sum(opens) > 0 AS is_opening,
    CASE WHEN sum(opens) > 0 THEN max(paid_on) FILTER (WHERE opens = 1) ELSE max(paid_on) FILTER (WHERE opens = -1) END AS paid_on,
    arg_max(payment_id, (paid_on, payment_id)) FILTER (WHERE opens = 1) AS first_line_id
FROM ends
GROUP BY holder_id, account_id, feed_code, at_pence
HAVING sum(opens) <> 0
