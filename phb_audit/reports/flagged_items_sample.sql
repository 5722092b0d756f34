-- one row per purchase in a random sample of those with no flag: the same night always draws the same ones
WITH flagged_ids AS (
    SELECT payment_id FROM flagged.findings WHERE payment_id IS NOT NULL
    UNION SELECT payment_id FROM flagged.cases WHERE payment_id IS NOT NULL
    UNION SELECT payment_id FROM drawn.cases WHERE payment_id IS NOT NULL -- here it would be known to be no flag
),
drawn AS (
    SELECT payment_id, sha256($run_id || payment_id) AS place
    FROM (SELECT payment_id FROM matched.payments WHERE is_spend) ANTI JOIN flagged_ids USING (payment_id)
    ORDER BY place, payment_id
    LIMIT $size
)
SELECT p.payment_id, p.holder_id, p.payee_shown, p.amount_pence, p.paid_on, p.category_code, p.plan_line_words, p.match_code,
       p.receipt_id IS NOT NULL AS has_receipt
FROM matched.payments p
JOIN drawn USING (payment_id)
ORDER BY drawn.place, p.payment_id
