-- one row: which roles beside the holder are on file, whether the case is kept apart, when it was first flagged, and a death on file
SELECT
    (SELECT coalesce(list(DISTINCT role_code ORDER BY role_code), []) FROM validated.people WHERE holder_id = $holder_id) AS roles,
    EXISTS (SELECT 1 FROM apart.cases WHERE case_id = $case_id) AS is_apart,
    (SELECT min(first_flagged_on) FROM flagged.cases WHERE case_id = $case_id) AS first_flagged_on,
    (SELECT min(from_on) FROM validated.holder_events WHERE holder_id = $holder_id AND event_code = 'death') AS died_on
