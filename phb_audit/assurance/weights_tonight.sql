-- one row per part: where its weight starts, and what decisions alone would make of it, tonight
SELECT part_name, start, learned AS weight FROM flagged.part_weights WHERE run_id = $run_id ORDER BY part_name
