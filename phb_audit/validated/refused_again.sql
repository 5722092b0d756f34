-- one row per refused row of an earlier night that was tried in vain: it carries the reason of tonight
UPDATE validated.quarantine AS old
SET reason_codes = again.reason_codes, reason = again.reason, rule_ids = again.rule_ids, fix_owner = again.fix_owner
FROM again
WHERE old.row_id = again.row_id AND old.state_code = 'open'
