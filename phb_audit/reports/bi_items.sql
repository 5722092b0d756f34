-- one row per item put to a person with its reasons, numbered in an order that says nothing of people; what was proposed is told when it was checked
SELECT row_number() OVER (ORDER BY md5(c.case_id)) AS item_number, date_trunc('month', c.first_flagged_on)::DATE AS raised_month_on, c.rule_ids,
    c.priority_code, c.is_commissioners, c.at_stake_pence,
    CASE WHEN c.state_code IN ('not_agreed_to_check', 'referral_to_check') THEN 'to_check' ELSE c.state_code END AS state_code, c.is_queued,
    date_trunc('month', left(d.decided_at, 10)::DATE)::DATE AS decided_month_on,
    CASE WHEN c.state_code NOT IN ('not_agreed_to_check', 'referral_to_check') THEN d.decision_code END AS decision_code,
    greatest(left(d.decided_at, 10)::DATE - c.first_flagged_on, 0)::BIGINT AS days_to_decide, d.checked_by IS NOT NULL AS is_checked
FROM flagged.cases AS c
LEFT JOIN decided.cases AS d USING (case_id)
WHERE NOT c.is_restricted AND c.case_id NOT IN (SELECT case_id FROM drawn.cases)
ORDER BY item_number
