-- one row per admitted row of tonight with a remark, by who can mend it, file and line
SELECT
    fix_owner,
    table_name,
    feed_code,
    coalesce(file_name, '') AS file_name,
    line_number,
    row_id,
    run_id,
    reason,
    coalesce(rule_ids, '') AS rule_ids,
    CAST(0 AS BIGINT) AS amount_pence
FROM validated.notices
WHERE run_id = $run_id AND table_name NOT IN ('landed.files', 'landed.feeds')
ORDER BY fix_owner, table_name, file_name, line_number, row_id
LIMIT $most
