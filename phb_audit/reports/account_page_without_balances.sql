-- one row per account of a holder, and feed, with a line that moved money and carries no balance; has_none: no line carries one
SELECT account_id, feed_code, count(balance_pence) = 0 AS has_none
FROM validated.payments
WHERE holder_id = $holder_id AND feed_code IN ('bank', 'card', 'managed') AND kind_code NOT IN ('authorisation', 'declined', 'reversed')
GROUP BY account_id, feed_code
HAVING count(balance_pence) < count(*)
ORDER BY account_id, feed_code
