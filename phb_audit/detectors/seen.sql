-- One row per spend line asked for, with what stood before it and what others had paid; of the care group only what its peers paid is told.
WITH months AS (SELECT month_on, any_value(month_count) AS month_count FROM detected.peers GROUP BY month_on)
SELECT p.payment_id, p.paid_on, p.amount_pence, p.kind_code, p.holding_code, p.payee_shown, p.payee_ref IS NOT NULL AS is_person, p.country_code,
    p.match_code, p.match_share, p.is_preapproved, p.has_any_plan, p.goal_state_code, p.line_annual_pence, p.line_amount_pence,
    p.line_most_at_once_pence, p.budget_to_date_pence, p.spent_to_date_pence, p.remaining_pence, p.receipt_id, p.receipt_match_code,
    p.receipt_difference_pence, p.receipt_days, p.is_event_open, h.* EXCLUDE (payment_id, holder_id, paid_on),
    o.lines_count AS others_count, o.middle_pence AS others_middle_pence, o.high_pence AS others_high_pence, m.month_count,
    g.lines_count AS peers_count, g.holders_count AS peers_holders_count, g.middle_pence AS peers_middle_pence, g.high_pence AS peers_high_pence
FROM matched.payments p
SEMI JOIN asked USING (payment_id)
JOIN detected.histories h USING (payment_id)
LEFT JOIN months m ON m.month_on = date_trunc('month', p.paid_on)
LEFT JOIN detected.peers o ON o.month_on = m.month_on AND o.care_group_code = '*' AND o.category_code = h.category_code
LEFT JOIN detected.peers g ON g.month_on = o.month_on AND g.category_code = o.category_code AND g.care_group_code = coalesce(p.care_group_code, '')
ORDER BY p.payment_id
