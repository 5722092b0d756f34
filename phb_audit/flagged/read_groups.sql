-- One row per care group and per team with direct payments: its holders, and how many of them a question about spending stands from before tonight.
WITH held AS (
    SELECT DISTINCT holder_id, care_group_code, area_name FROM validated.budgets WHERE holding_code = 'direct_payment'
),
raised AS (
    SELECT holder_id FROM flagged.findings SEMI JOIN asking USING (rule_id) WHERE first_run_id <> $run_id
    UNION
    SELECT holder_id FROM flagged.cleared SEMI JOIN asking USING (rule_id) WHERE run_id = $run_id AND first_flagged_on IS NOT NULL
),
named AS (
    SELECT 'care group' AS kind, care_group_code AS group_name, holder_id FROM held
    UNION ALL
    SELECT 'team', area_name, holder_id FROM held
)
SELECT kind, group_name, count(DISTINCT named.holder_id) AS holders_count, count(DISTINCT raised.holder_id) AS asked_count
FROM named LEFT JOIN raised USING (holder_id)
WHERE group_name IS NOT NULL
GROUP BY kind, group_name
ORDER BY kind, group_name
