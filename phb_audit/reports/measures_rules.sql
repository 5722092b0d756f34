-- one row per rule with flags about payments of the period, or about our own delays as they stand
SELECT f.rule_id,
       min(f.title) AS title,
       bool_or(f.is_commissioners) AS is_commissioners,
       count(DISTINCT f.case_id) AS cases_count
FROM flagged.findings f
JOIN flagged.cases c USING (case_id)
LEFT JOIN matched.payments p ON p.payment_id = f.payment_id
WHERE NOT c.is_restricted AND NOT f.is_restricted AND NOT f.is_safeguarding AND f.family_code <> 'A8'
  AND coalesce(p.paid_on, f.subject_on) BETWEEN $first_on AND $last_on
GROUP BY f.rule_id
ORDER BY f.rule_id
