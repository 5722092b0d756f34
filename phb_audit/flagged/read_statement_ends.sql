-- One row per balance at which the lines of an account begin or end, of the holders asked for, from the horizon on. Each line opens at its
-- balance before it and closes at its balance after it; what another line closes or opens at cancels out. A whole statement leaves one
-- opening and one closing; a line we do not have leaves one more of each. Accounts with a line without a balance are left out, and so are
-- a card's holds, refusals and reversals: they move no balance. A card's fee is part of the line's amount, or comes on top of it where
-- only so the line before is the one it goes on from.
WITH lines AS (
    SELECT payment_id, holder_id, account_id, feed_code, paid_on, amount_pence, balance_pence
    FROM validated.payments SEMI JOIN batch USING (holder_id)
    WHERE feed_code IN ('bank', 'card', 'managed') AND paid_on >= $horizon_on AND kind_code NOT IN ('authorisation', 'declined', 'reversed')
),
whole AS (SELECT * FROM lines SEMI JOIN (SELECT holder_id, account_id, feed_code FROM lines GROUP BY ALL HAVING count(*) = count(balance_pence))
    USING (holder_id, account_id, feed_code)
),
closed AS (SELECT DISTINCT account_id, balance_pence AS opened_pence FROM whole WHERE feed_code = 'card'),
fees AS (
    SELECT 'P' || row_id AS payment_id, (100 * try_cast(fee_text AS DECIMAL(12, 2)))::BIGINT AS fee_pence
    FROM landed.payments WHERE feed_code = 'card' AND regexp_matches(fee_text, '[1-9]')
),
on_top AS (
    SELECT payment_id, fee_pence
    FROM (SELECT *, balance_pence + amount_pence AS opened_pence FROM whole JOIN fees USING (payment_id))
        ANTI JOIN closed USING (account_id, opened_pence)
    WHERE (account_id, balance_pence + amount_pence + fee_pence) IN (SELECT (account_id, opened_pence) FROM closed)
),
ends AS (
    SELECT payment_id, holder_id, account_id, feed_code, paid_on, balance_pence + amount_pence + coalesce(fee_pence, 0) AS at_pence,
        1 AS opens
    FROM whole LEFT JOIN on_top USING (payment_id)
    UNION ALL
    SELECT payment_id, holder_id, account_id, feed_code, paid_on, balance_pence, -1 FROM whole
)
SELECT holder_id, account_id, feed_code, at_pence AS balance_pence, sum(opens) > 0 AS is_opening,
    CASE WHEN sum(opens) > 0 THEN max(paid_on) FILTER (WHERE opens = 1) ELSE max(paid_on) FILTER (WHERE opens = -1) END AS paid_on,
    arg_max(payment_id, (paid_on, payment_id)) FILTER (WHERE opens = 1) AS first_line_id
FROM ends
GROUP BY holder_id, account_id, feed_code, at_pence
HAVING sum(opens) <> 0
