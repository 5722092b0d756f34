-- one row per holder, group and kind of like purchases: how many, how many asked about, asked rightly as people decided, and in vain
WITH asked AS (
    SELECT payment_id, bool_or(outcome_code <> 'information' AND NOT is_commissioners) AS is_asked
    FROM flagged.findings WHERE payment_id IS NOT NULL GROUP BY payment_id
),
closed AS (
    SELECT f.payment_id, bool_or(j.is_right) AS is_right
    FROM decided.judgements j JOIN flagged.findings f USING (case_id) WHERE f.payment_id IS NOT NULL GROUP BY f.payment_id
)
SELECT p.holder_id, coalesce(p.care_group_code, 'not on file') AS group_code,
       p.match_code || CASE WHEN p.receipt_id IS NULL THEN ', no receipt' ELSE ', receipt' END AS like_code,
       count(*) AS lines_count,
       count(*) FILTER (a.is_asked) AS asked_count,
       count(*) FILTER (a.is_asked AND c.is_right) AS confirmed_count,
       count(*) FILTER (a.is_asked AND NOT c.is_right) AS in_vain_count
FROM matched.payments p
LEFT JOIN asked a USING (payment_id)
LEFT JOIN closed c USING (payment_id)
WHERE p.is_spend AND p.paid_on >= $from_on
GROUP BY ALL
ORDER BY ALL
