-- one row per ordinary case that a person closed (agreed or not agreed): when it was raised and closed, and what it was about, as it was seen then
WITH flags AS (
    SELECT f.case_id, coalesce(f.payment_id, f.case_id || '|' || f.subject_id) AS about, least(f.at_stake_pence, abs(p.amount_pence)) AS pence
    FROM flagged.findings f
    LEFT JOIN matched.payments p ON p.payment_id = f.payment_id
), asked AS (
    SELECT case_id, list(about ORDER BY about) AS abouts, list(pence ORDER BY about) AS pences
    FROM (SELECT case_id, about, max(pence) AS pence FROM flags GROUP BY case_id, about)
    GROUP BY case_id
), parts AS (
    SELECT case_id, regexp_extract(part, '^(.*):', 1) AS about, CAST(regexp_extract(part, ':(-?[0-9]+)$', 1) AS BIGINT) AS pence
    FROM (SELECT case_id, unnest(string_split(abouts_seen, '|')) AS part FROM decided.cases)
), seen AS (
    SELECT parts.case_id, list(about ORDER BY about) AS abouts, list(least(pence, abs(p.amount_pence)) ORDER BY about) AS pences
    FROM parts
    LEFT JOIN matched.payments p ON p.payment_id = parts.about
    GROUP BY parts.case_id
), bands AS (
    SELECT holder_id, max_by(age_band, (run_id, coalesce(starts_on, DATE '1900-01-01'), budget_id)) AS age_band
    FROM validated.budgets
    WHERE age_band IS NOT NULL
    GROUP BY holder_id
), raised AS ( -- of a decision that does not carry its first day: when the flags seen were first found, as the nights that cleared them knew
    SELECT s.case_id, min(g.first_flagged_on) AS first_flagged_on
    FROM (SELECT case_id, regexp_replace(unnest(string_split(flags_seen, '|')), ':-?[0-9]+$', '') AS flag_id FROM decided.cases) s
    JOIN flagged.cleared g USING (flag_id)
    GROUP BY s.case_id
)
SELECT d.case_id,
       coalesce(d.first_flagged_on, c.first_flagged_on, raised.first_flagged_on) AS first_flagged_on,
       CAST(left(coalesce(d.checked_at, d.decided_at), 10) AS DATE) AS closed_on,
       d.state_code,
       d.decision_code,
       d.checked_at IS NOT NULL AS has_check,
       -- what it is about, and the pence of each: as seen, else as its flags stand, else as one
       coalesce(seen.abouts, asked.abouts, [coalesce(c.payment_id, d.case_id)]) AS abouts,
       coalesce(seen.pences, asked.pences, [c.at_stake_pence]) AS pences,
       coalesce(d.rule_ids, c.rule_ids) AS rule_ids,
       coalesce(p.holding_code, 'none_on_file') AS holding_code,
       coalesce(p.care_group_code, 'not_told') AS care_group_code,
       coalesce(bands.age_band, 'Not told') AS age_band
FROM decided.cases d
LEFT JOIN flagged.cases c ON c.case_id = d.case_id
LEFT JOIN matched.payments p ON p.payment_id = coalesce(d.payment_id, c.payment_id)
LEFT JOIN asked ON asked.case_id = d.case_id
LEFT JOIN seen ON seen.case_id = d.case_id
LEFT JOIN raised ON raised.case_id = d.case_id
LEFT JOIN bands ON bands.holder_id = d.holder_id
WHERE d.state_code IN ('agreed', 'not_agreed') AND NOT coalesce(c.is_restricted, false) AND NOT coalesce(d.is_commissioners, c.is_commissioners, false)
  AND (d.rule_ids IS NOT NULL OR c.case_id IS NOT NULL) -- else a purchase that was to be read
  AND CAST(left(coalesce(d.checked_at, d.decided_at), 10) AS DATE) BETWEEN $series_on AND $last_on
ORDER BY d.case_id
