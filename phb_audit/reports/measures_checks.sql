-- one row: second checks of ordinary cases made in the period, and how many sent the case back
SELECT count(*) AS checks_count, count(*) FILTER (d.state_code <> 'not_agreed') AS sent_back_count
FROM decided.cases d
LEFT JOIN flagged.cases c USING (case_id)
WHERE d.decision_code = 'propose_not_agreed' AND d.checked_at IS NOT NULL AND d.state_code <> 'overtaken' -- nobody checked what was proposed
  AND NOT coalesce(c.is_restricted, d.rule_ids IS NULL)
  AND CAST(left(d.checked_at, 10) AS DATE) BETWEEN $first_on AND $last_on
