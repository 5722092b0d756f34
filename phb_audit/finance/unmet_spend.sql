-- one row per holder, day, outcome, category and whether its words settle it: what was spent from $first_on to $last_on
SELECT paid.holder_id, paid.paid_on, matched.outcome_id, coalesce(matched.category_code, 'not_told') AS category_code,
    coalesce(matched.is_abstained, TRUE) AS is_abstained, sum(paid.amount_pence)::BIGINT AS amount_pence
FROM validated.payments AS paid
LEFT JOIN matched.payments AS matched USING (payment_id)
WHERE paid.is_spend AND paid.paid_on BETWEEN $first_on AND $last_on
GROUP BY ALL
ORDER BY ALL
