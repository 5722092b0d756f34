-- one row per landed row that stands refused
SELECT file_id, line_number, rule_ids FROM validated.quarantine WHERE state_code = 'open' ORDER BY ALL
