-- one row per holder that had died or was no longer eligible on $last_on: the first such day
SELECT holder_id, min(from_on) AS over_on
FROM validated.holder_events
WHERE event_code IN ('death', 'end_of_eligibility') AND from_on <= $last_on
GROUP BY holder_id
ORDER BY holder_id
