-- one row per ordinary case that a person closed (agreed or not agreed): when it was raised and closed, and what it was about
SELECT c.case_id,
       c.first_flagged_on,
       CAST(left(coalesce(d.checked_at, d.decided_at), 10) AS DATE) AS closed_on,
       d.state_code,
       d.decision_code,
       d.checked_at IS NOT NULL AS has_check,
       c.at_stake_pence,
       c.rule_ids,
       coalesce(p.holding_code, 'none_on_file') AS holding_code,
       coalesce(p.care_group_code, 'not_told') AS care_group_code
FROM decided.cases d
JOIN flagged.cases c USING (case_id)
LEFT JOIN matched.payments p USING (payment_id)
WHERE d.state_code IN ('agreed', 'not_agreed') AND NOT c.is_restricted AND NOT c.is_commissioners
  AND CAST(left(coalesce(d.checked_at, d.decided_at), 10) AS DATE) BETWEEN $series_on AND $last_on
ORDER BY c.case_id
