-- one row: the ordinary cases about spending that wait for a decision on the day of the night, and those past the days we allow
SELECT count(*) AS waiting_count,
       count(*) FILTER (date_diff('day', first_flagged_on, $as_of) > $days) AS late_count,
       max(date_diff('day', first_flagged_on, $as_of)) AS longest_days
FROM flagged.cases
WHERE is_queued AND NOT is_commissioners AND NOT is_restricted AND outcome_code <> 'information'
