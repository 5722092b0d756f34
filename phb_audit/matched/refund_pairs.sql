-- one row per refund and purchase that it may give money back for: same account and payee, bought before, and no cheaper
WITH back AS (
    SELECT * FROM matched.payments SEMI JOIN holders_now USING (holder_id) WHERE kind_code = 'refund' AND amount_pence < 0
),
pairs AS (
    SELECT back.holder_id, back.account_id, back.payment_id AS refund_id, bought.payment_id AS purchase_id, back.paid_on AS refund_on,
        bought.paid_on AS bought_on, -back.amount_pence AS back_pence, bought.amount_pence AS bought_pence
    FROM back
    JOIN matched.payments AS bought
        ON bought.holder_id = back.holder_id AND bought.account_id = back.account_id AND bought.payee_id = back.payee_id
    WHERE bought.kind_code = 'purchase' AND bought.amount_pence >= -back.amount_pence
        AND bought.paid_on BETWEEN back.paid_on - $back_days AND back.paid_on
),
numbers AS (
    -- runs of four digits and more that are no year, in whatever the bank wrote
    SELECT DISTINCT payment_id, ltrim(token, '0') AS token
    FROM (
        SELECT payment_id, unnest(regexp_extract_all(concat_ws(' ', payee_text, description, reference), '[0-9]{4,}')) AS token
        FROM validated.payments
        WHERE payment_id IN (SELECT refund_id FROM pairs UNION SELECT purchase_id FROM pairs)
    )
    WHERE NOT regexp_matches(token, '^(19|20)[0-9]{2}$')
),
shared AS (
    SELECT refund_id, purchase_id, count(*) AS both_count FROM pairs
    JOIN numbers AS ours ON ours.payment_id = pairs.refund_id
    JOIN numbers AS theirs ON theirs.payment_id = pairs.purchase_id AND theirs.token = ours.token
    GROUP BY ALL
),
-- a number that stands in every one of a refund's pairs (the shop's own) tells nothing
telling AS (
    SELECT refund_id FROM pairs LEFT JOIN shared USING (refund_id, purchase_id)
    GROUP BY refund_id HAVING count(both_count) < count(*) OR count(*) = 1
)
SELECT pairs.*, both_count IS NOT NULL AND refund_id IN (SELECT refund_id FROM telling) AS has_number
FROM pairs LEFT JOIN shared USING (refund_id, purchase_id)
ORDER BY refund_on, refund_id, purchase_id
