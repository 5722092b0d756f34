-- one row per rule that speaks tonight and whose part it is (holder or commissioner), as ordinary reports may show it
SELECT rule_id, any_value(title) AS title, count(*)::BIGINT AS flags_count, count(DISTINCT holder_id)::BIGINT AS holders_count,
    coalesce(sum(at_stake_pence), 0)::BIGINT AS at_stake_pence, is_commissioners,
    any_value(family_code) = 'A8' AS is_data_quality
FROM flagged.findings
WHERE NOT is_restricted AND NOT is_safeguarding
GROUP BY rule_id, is_commissioners
ORDER BY flags_count DESC, rule_id
