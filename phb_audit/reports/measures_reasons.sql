-- one row per rule with a flag that asks about payments of the months: how many of them; what is ours alone, for information, or kept apart left out
SELECT f.rule_id, min(f.title) AS title, count(DISTINCT f.payment_id) AS payments_count
FROM flagged.findings f
JOIN flagged.cases c USING (case_id)
JOIN matched.payments p ON p.payment_id = f.payment_id
WHERE NOT f.is_commissioners AND f.outcome_code <> 'information' AND NOT c.is_commissioners AND NOT c.is_restricted AND c.outcome_code <> 'information'
    AND p.is_spend AND p.paid_on BETWEEN date_trunc('month', $first_on::DATE) AND $last_on
GROUP BY f.rule_id
ORDER BY f.rule_id
