-- one row per time a holder was in hospital, away or suspended; a time without a last day goes on
SELECT holder_id, from_on, coalesce(to_on, DATE '9999-12-31') AS to_on
FROM validated.holder_events
WHERE event_code IN ('admission', 'absence', 'suspension') AND from_on <= $last_on
ORDER BY holder_id, from_on
