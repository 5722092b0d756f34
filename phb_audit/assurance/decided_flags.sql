-- one row per flag a person saw when they closed its case: its id, and whether they agreed to what was bought
SELECT DISTINCT regexp_replace(seen, ':-?[0-9]*$', '') AS flag_id, state_code = 'agreed' AS is_agreed
FROM (SELECT unnest(string_split(flags_seen, '|')) AS seen, state_code FROM decided.cases WHERE is_closed)
WHERE seen <> ''
ORDER BY flag_id
