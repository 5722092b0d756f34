-- one row per payment that looked unusual and that an agreed plan item settles, but for payments of the cases in withheld_cases
WITH withheld AS (
    SELECT payment_id FROM flagged.findings JOIN withheld_cases USING (case_id) WHERE payment_id IS NOT NULL
    UNION
    SELECT payment_id FROM flagged.cases JOIN withheld_cases USING (case_id) WHERE payment_id IS NOT NULL
)
SELECT s.holder_id, s.payment_id, p.payee_shown, p.amount_pence, p.paid_on, p.plan_line_words, min(s.sentence) AS sentence,
       string_agg(DISTINCT s.rule_id, ', ' ORDER BY s.rule_id) AS rule_ids
FROM flagged.suppressed s
LEFT JOIN matched.payments p ON p.payment_id = s.payment_id
WHERE s.payment_id NOT IN (SELECT payment_id FROM withheld)
GROUP BY s.holder_id, s.payment_id, p.payee_shown, p.amount_pence, p.paid_on, p.plan_line_words
ORDER BY p.paid_on DESC, s.payment_id
