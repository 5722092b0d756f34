-- one row per month, way of holding, care group, area and age band: the payments that are spend, and what is known of them
WITH areas AS (
    SELECT holder_id, max_by(area_name, (coalesce(starts_on, DATE '1900-01-01'), budget_id)) AS area_name,
           max_by(age_band, (run_id, coalesce(starts_on, DATE '1900-01-01'), budget_id)) FILTER (age_band IS NOT NULL) AS age_band
    FROM validated.budgets
    GROUP BY holder_id
),
waiting AS (
    SELECT DISTINCT holder_id FROM validated.held_back WHERE run_id = $run_id
),
paid_workers AS (
    SELECT holder_id, payee_ref FROM validated.pay_slips WHERE payee_ref IS NOT NULL
    UNION
    SELECT holder_id, payee_ref FROM validated.people WHERE payee_ref IS NOT NULL AND role_code IN (SELECT unnest($workers))
),
no_paper AS (
    SELECT DISTINCT plan_line_id FROM validated.plan_lines WHERE evidence_code IN ('payslip', 'none')
),
died AS (
    SELECT DISTINCT holder_id FROM validated.holder_events WHERE event_code = 'death'
),
came_back AS (
    -- All of it, or all of it if it was not another like it.
    SELECT purchase_id AS payment_id FROM matched.refund_links
    GROUP BY ALL
    HAVING sum(back_pence) FILTER (link_code = 'one') >= any_value(bought_pence) OR bool_or(link_code = 'open' AND back_pence = bought_pence)
),
asked AS (
    -- As E-01 asks: wages, charges, cash, presents and small purchases have other papers or none.
    SELECT payment_id FROM matched.payments m
    WHERE kind_code = 'purchase' AND holding_code = 'direct_payment' AND feed_code IN ('bank', 'card') AND amount_pence >= $least_pence
        AND category_code NOT IN (SELECT unnest($other_papers))
        AND NOT (category_code = $presents AND coalesce(regexp_matches(payee_shown, $present), false))
        AND holder_id NOT IN (SELECT holder_id FROM died)
        AND payment_id NOT IN (SELECT payment_id FROM came_back)
        AND NOT EXISTS (SELECT 1 FROM paid_workers w WHERE w.holder_id = m.holder_id AND w.payee_ref = m.payee_ref)
        AND NOT EXISTS (SELECT 1 FROM no_paper n WHERE n.plan_line_id = m.plan_line_id)
),
raised AS (
    -- By its flags: a case about several payments names none of them itself.
    SELECT DISTINCT f.payment_id FROM flagged.findings f JOIN flagged.cases c USING (case_id)
    WHERE f.payment_id IS NOT NULL AND NOT f.is_commissioners AND f.outcome_code <> 'information'
        AND NOT c.is_commissioners AND NOT c.is_restricted AND c.outcome_code <> 'information'
)
SELECT date_trunc('month', p.paid_on)::DATE AS month_on,
       p.holding_code,
       coalesce(p.care_group_code, 'not_told') AS care_group_code,
       coalesce(areas.area_name, 'Not told') AS area_name,
       coalesce(areas.age_band, 'Not told') AS age_band,
       count(*) AS payments_count,
       sum(p.amount_pence)::BIGINT AS spent_pence,
       count(*) FILTER (waiting.holder_id IS NULL) AS checked_count,
       count(raised.payment_id) AS raised_count,
       count(asked.payment_id) AS asked_count,
       count(asked.payment_id) FILTER (p.receipt_id IS NOT NULL OR p.receipt_match_code = 'open') AS receipt_count,
       count(*) FILTER (p.match_code = 'no_match') AS outside_count,
       coalesce(sum(p.amount_pence) FILTER (p.match_code = 'no_match'), 0)::BIGINT AS outside_pence,
       count(*) FILTER (p.match_code = 'no_plan') AS no_plan_count
FROM matched.payments p
LEFT JOIN areas USING (holder_id)
LEFT JOIN waiting USING (holder_id)
LEFT JOIN raised USING (payment_id)
LEFT JOIN asked USING (payment_id)
WHERE p.is_spend AND p.paid_on BETWEEN $series_on AND $last_on
GROUP BY ALL
ORDER BY ALL
