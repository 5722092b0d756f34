-- one row per holder and day of a review of the plan up to $last_on
SELECT DISTINCT holder_id, from_on AS reviewed_on
FROM validated.holder_events
WHERE event_code = 'review' AND from_on <= $last_on
ORDER BY holder_id, reviewed_on
