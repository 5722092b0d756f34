-- one row per outcome rated, score taken or care used, up to $last_on
SELECT holder_id, measure_code, coalesce(instrument, '') AS instrument, outcome_ref, value_count, from_on, to_on
FROM validated.outcome_records
WHERE to_on <= $last_on
ORDER BY outcome_record_id
