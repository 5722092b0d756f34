-- one row per rule that speaks tonight and whose part it is (holder or commissioner), as ordinary reports may show it; each payment's money once
WITH told AS (
    SELECT f.rule_id, f.title, f.holder_id, f.is_commissioners, f.family_code, least(f.at_stake_pence, abs(p.amount_pence)) AS pence,
        row_number() OVER (PARTITION BY f.rule_id, f.is_commissioners, coalesce(f.payment_id, f.flag_id) ORDER BY pence DESC, f.flag_id) AS place
    FROM flagged.findings f
    LEFT JOIN matched.payments p ON p.payment_id = f.payment_id
    WHERE NOT f.is_restricted AND NOT f.is_safeguarding AND f.case_id NOT IN (SELECT case_id FROM drawn.cases)
)
SELECT rule_id, any_value(title) AS title, count(*)::BIGINT AS flags_count, count(DISTINCT holder_id)::BIGINT AS holders_count,
    coalesce(sum(pence) FILTER (place = 1), 0)::BIGINT AS at_stake_pence, is_commissioners,
    any_value(family_code) = 'A8' AS is_data_quality
FROM told
GROUP BY rule_id, is_commissioners
ORDER BY flags_count DESC, rule_id
