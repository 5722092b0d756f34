-- one row per limit of an approved change, the newest last
SELECT * FROM decided.rule_changes ORDER BY approved_at, change_id, limit_name
