-- one row per payment that looked unusual and that an agreed plan item settles, but for payments of the cases in withheld_cases
SELECT s.holder_id, s.payment_id, p.payee_shown, p.amount_pence, p.paid_on, p.plan_line_words, min(s.sentence) AS sentence,
       string_agg(DISTINCT s.rule_id, ', ' ORDER BY s.rule_id) AS rule_ids
FROM flagged.suppressed s
LEFT JOIN matched.payments p ON p.payment_id = s.payment_id
WHERE s.payment_id NOT IN (
    SELECT c.payment_id FROM flagged.cases c JOIN withheld_cases USING (case_id) WHERE c.payment_id IS NOT NULL
)
GROUP BY ALL
ORDER BY p.paid_on DESC, s.payment_id
