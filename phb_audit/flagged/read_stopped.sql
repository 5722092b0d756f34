-- One row per learned part that the newest earlier night's alarm stopped.
SELECT part_name FROM watched.stopped_parts
WHERE run_id = (SELECT max(run_id) FROM watched.group_rates WHERE run_id < $run_id) -- a run's id ends in its day
ORDER BY part_name
