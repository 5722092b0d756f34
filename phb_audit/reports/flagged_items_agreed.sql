-- one row per payment that an agreed plan item or exception settles, or that fits an item agreed by name and has no flag, but for withheld_cases
WITH withheld AS (
    SELECT payment_id FROM flagged.findings JOIN withheld_cases USING (case_id) WHERE payment_id IS NOT NULL
    UNION
    SELECT payment_id FROM flagged.cases JOIN withheld_cases USING (case_id) WHERE payment_id IS NOT NULL
    UNION
    SELECT payment_id FROM drawn.cases WHERE payment_id IS NOT NULL AND decision_code IS NULL
),
settled AS (
    SELECT payment_id, holder_id, min(sentence) AS sentence, string_agg(DISTINCT rule_id, ', ' ORDER BY rule_id) AS rule_ids,
        bool_or(is_read_again) AS is_read_again
    FROM flagged.suppressed
    GROUP BY payment_id, holder_id
),
by_name AS (
    SELECT payment_id, holder_id, NULL AS sentence, NULL AS rule_ids, false AS is_read_again
    FROM matched.payments
    WHERE is_spend AND is_preapproved AND kind_code <> 'refund'
      AND payment_id NOT IN (SELECT payment_id FROM settled)
      AND payment_id NOT IN (SELECT payment_id FROM flagged.findings WHERE payment_id IS NOT NULL)
),
agreed AS (
    SELECT * FROM settled
    UNION ALL
    SELECT * FROM by_name
)
SELECT a.*, p.payee_shown, p.amount_pence, p.paid_on, p.plan_line_words
FROM agreed a
LEFT JOIN matched.payments p USING (payment_id)
WHERE a.payment_id NOT IN (SELECT payment_id FROM withheld)
ORDER BY p.amount_pence DESC, p.paid_on DESC, a.payment_id
