-- one row: the day of the newest night before this one that drew; null where none did
SELECT max(drawn_on) AS drawn_on FROM drawn.draws WHERE run_id < $run_id
