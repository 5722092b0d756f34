-- one row per refused row that is still open, by who can mend it, file and line; of each owner the first $most
SELECT
    fix_owner,
    table_name,
    feed_code,
    file_name,
    line_number,
    row_id,
    run_id,
    reason,
    coalesce(rule_ids, '') AS rule_ids,
    amount_pence,
    row
FROM validated.quarantine
WHERE state_code = 'open'
QUALIFY row_number() OVER (PARTITION BY fix_owner ORDER BY table_name, file_name, line_number, row_id) <= $most
ORDER BY fix_owner, table_name, file_name, line_number, row_id
