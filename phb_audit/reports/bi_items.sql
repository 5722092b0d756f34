-- one row per item put to a person with its reasons, numbered in an order that says nothing of people; what was proposed is told when it was checked.
-- One that was decided, and that later papers left no flag of, is told as it was seen then.
WITH seen AS (
    SELECT case_id, sum(regexp_extract(part, ':(-?[0-9]+)$', 1)::BIGINT)::BIGINT AS at_stake_pence
    FROM (SELECT case_id, unnest(string_split(abouts_seen, '|')) AS part FROM decided.cases)
    GROUP BY case_id
), items AS (
    SELECT case_id, first_flagged_on, rule_ids, priority_code, is_commissioners, at_stake_pence, state_code, is_queued
    FROM flagged.cases
    WHERE NOT is_restricted
    UNION ALL
    SELECT d.case_id, coalesce(d.first_flagged_on, left(d.decided_at, 10)::DATE), d.rule_ids, NULL, coalesce(d.is_commissioners, false),
        coalesce(seen.at_stake_pence, 0), d.state_code, false
    FROM decided.cases AS d
    LEFT JOIN seen USING (case_id)
    WHERE d.rule_ids IS NOT NULL AND d.state_code NOT IN ('open', 'asked', 'snoozed') AND d.case_id NOT IN (SELECT case_id FROM flagged.cases)
)
SELECT row_number() OVER (ORDER BY md5(c.case_id)) AS item_number, date_trunc('month', c.first_flagged_on)::DATE AS raised_month_on, c.rule_ids,
    c.priority_code, c.is_commissioners, c.at_stake_pence,
    CASE WHEN c.state_code IN ('not_agreed_to_check', 'referral_to_check') THEN 'to_check' ELSE c.state_code END AS state_code, c.is_queued,
    date_trunc('month', left(d.decided_at, 10)::DATE)::DATE AS decided_month_on,
    CASE WHEN c.state_code NOT IN ('not_agreed_to_check', 'referral_to_check') THEN d.decision_code END AS decision_code,
    greatest(left(d.decided_at, 10)::DATE - c.first_flagged_on, 0)::BIGINT AS days_to_decide, d.checked_by IS NOT NULL AS is_checked
FROM items AS c
LEFT JOIN decided.cases AS d USING (case_id)
WHERE c.case_id NOT IN (SELECT case_id FROM drawn.cases)
ORDER BY item_number
