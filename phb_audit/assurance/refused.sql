-- one row per landed row that was refused and not admitted since
SELECT file_id, line_number, rule_ids FROM validated.quarantine WHERE state_code <> 'readmitted' ORDER BY ALL
