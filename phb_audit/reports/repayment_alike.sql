-- one row: how many earlier payments the holder made to the payees asked about, the last of them, and the last audit or review after it
WITH lines AS (SELECT payment_id, payee_id, holder_id, paid_on FROM matched.payments JOIN asked USING (payment_id)),
earlier AS (
    SELECT m.payment_id, m.paid_on, lines.paid_on AS before_on FROM matched.payments m JOIN lines USING (holder_id, payee_id)
    WHERE m.amount_pence > 0 AND m.is_spend AND m.paid_on < lines.paid_on AND m.payment_id NOT IN (SELECT payment_id FROM asked)
)
SELECT
    count(DISTINCT payment_id) AS earlier_count, max(paid_on) AS last_on,
    (SELECT max(from_on) FROM validated.holder_events e
     WHERE e.holder_id = $holder_id AND event_code IN ('financial_audit', 'review')
         AND from_on BETWEEN (SELECT min(paid_on) FROM earlier) AND (SELECT max(before_on) FROM earlier)) AS looked_at_on
FROM earlier
