-- One row per flag that was seen in a case and is no longer found: as a night cleared it.
SELECT DISTINCT flag_id, rule_id FROM flagged.cleared
WHERE NOT coalesce(is_restricted, true) AND holder_id IN (SELECT holder_id FROM decided.cases WHERE is_closed)
