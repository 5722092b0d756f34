-- one row per payment that counts as spend from $first_on to $last_on, with what was bought and which kind of outcome it serves
WITH goals AS (
    SELECT outcome_id, arg_max(goal_type, (run_id, line_number)) AS goal_type FROM validated.plan_outcomes GROUP BY outcome_id
)
SELECT paid.payment_id, paid.holder_id, paid.paid_on, paid.amount_pence, coalesce(matched.category_code, 'not_told') AS category_code,
    coalesce(matched.is_abstained, TRUE) AS is_abstained, matched.outcome_id, matched.plan_line_id,
    CASE WHEN matched.outcome_id IS NULL THEN 'no_outcome' ELSE coalesce(goals.goal_type, 'not_told') END AS goal_type,
    matched.payee_id, matched.payee_shown, matched.payee_ref
FROM validated.payments AS paid
LEFT JOIN matched.payments AS matched USING (payment_id)
LEFT JOIN goals ON goals.outcome_id = matched.outcome_id
WHERE paid.is_spend AND paid.paid_on BETWEEN $first_on AND $last_on
ORDER BY paid.payment_id
