-- one row per count of an earlier try of tonight, gone
DELETE FROM classified.weekly_counts WHERE run_id = $run_id
