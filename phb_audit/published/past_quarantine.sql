-- one row per row refused by that night, as it stood then: what was mended later was open
SELECT * REPLACE (
    CASE WHEN closed_run_id > $last THEN 'open' ELSE state_code END AS state_code,
    CASE WHEN closed_run_id <= $last THEN closed_run_id END AS closed_run_id
)
FROM validated.quarantine WHERE run_id <= $last
