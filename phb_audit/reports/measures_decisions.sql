-- one row per ordinary case that a person closed (agreed or not agreed): when it was raised and closed, and what it was about
WITH flags AS (
    SELECT f.case_id, coalesce(f.payment_id, f.case_id || '|' || f.subject_id) AS about, least(f.at_stake_pence, abs(p.amount_pence)) AS pence
    FROM flagged.findings f
    LEFT JOIN matched.payments p ON p.payment_id = f.payment_id
), asked AS (
    SELECT case_id, list(about ORDER BY about) AS abouts, list(pence ORDER BY about) AS pences
    FROM (SELECT case_id, about, max(pence) AS pence FROM flags GROUP BY case_id, about)
    GROUP BY case_id
)
SELECT c.case_id,
       c.first_flagged_on,
       CAST(left(coalesce(d.checked_at, d.decided_at), 10) AS DATE) AS closed_on,
       d.state_code,
       d.decision_code,
       d.checked_at IS NOT NULL AS has_check,
       coalesce(asked.abouts, [coalesce(c.payment_id, c.case_id)]) AS abouts, -- what it is about, and the pence of each, if its flags have gone as one
       coalesce(asked.pences, [c.at_stake_pence]) AS pences,
       c.rule_ids,
       coalesce(p.holding_code, 'none_on_file') AS holding_code,
       coalesce(p.care_group_code, 'not_told') AS care_group_code
FROM decided.cases d
JOIN flagged.cases c USING (case_id)
LEFT JOIN matched.payments p USING (payment_id)
LEFT JOIN asked ON asked.case_id = c.case_id
WHERE d.state_code IN ('agreed', 'not_agreed') AND NOT c.is_restricted AND NOT c.is_commissioners
  AND CAST(left(coalesce(d.checked_at, d.decided_at), 10) AS DATE) BETWEEN $series_on AND $last_on
ORDER BY c.case_id
