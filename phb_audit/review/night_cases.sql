-- one row per case of the night, with what its place in the list rests on, its payment, how the budget is held and where, its reasons and families
WITH latest AS (
    SELECT holder_id,
           max_by(holding_code, (coalesce(starts_on, DATE '1900-01-01'), budget_id)) AS holding_code,
           max_by(area_name, (coalesce(starts_on, DATE '1900-01-01'), budget_id)) AS area_name
    FROM validated.budgets
    GROUP BY holder_id
), reasons AS (
    SELECT case_id,
           list(first_flagged_on) AS flagged_days,
           list(title ORDER BY is_commissioners DESC, severity DESC, rule_id) AS titles,
           list_sort(list_distinct(list(family_code))) AS families,
           bool_and(is_commissioners) AS is_own_only
    FROM flagged.findings
    GROUP BY case_id
)
SELECT c.* EXCLUDE (payment_id, is_restricted, rank_score, state_code, decision_code, decided_by, due_on),
       coalesce(p.holding_code, latest.holding_code, 'none_on_file') AS holding_code,
       coalesce(latest.area_name, '') AS area_name,
       p.payee_shown, p.amount_pence, coalesce(p.outcome_words, p.plan_line_words) AS goal_words, p.match_code,
       placed.tier_code, placed.is_within_minutes, placed.chance_share, placed.harm_pence, placed.minutes, placed.worth_per_minute,
       coalesce(r.titles, []) AS titles, coalesce(r.families, []) AS families, coalesce(r.is_own_only, false) AS is_own_only,
       -- the day something new was first found; what only grew since is new with the night that last looked
       list_min(list_filter(r.flagged_days, lambda day: day::VARCHAR >= left(c.decided_at, 10))) AS news_on
FROM flagged.cases c
LEFT JOIN matched.payments p USING (payment_id)
LEFT JOIN latest ON latest.holder_id = c.holder_id
LEFT JOIN flagged.ranked placed ON placed.case_id = c.case_id AND c.rule_ids <> 'R-01' -- of one to be read nothing may be told
LEFT JOIN reasons r ON r.case_id = c.case_id
WHERE NOT c.is_restricted
ORDER BY c.is_queued DESC, c.rank, c.case_id
