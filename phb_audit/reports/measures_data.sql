-- one row: what the newest night could not take in, and the feeds it waited for
SELECT (SELECT count(*) FROM validated.quarantine WHERE state_code = 'open') AS refused_count,
       (SELECT coalesce(sum(rows_landed), 0)::BIGINT FROM landed.files WHERE state_code = 'landed') AS landed_count,
       (SELECT count(*) FROM landed.feeds WHERE run_id = $run_id) AS feeds_count,
       (SELECT count(*) FROM landed.feeds WHERE run_id = $run_id AND is_late) AS late_count,
       (SELECT count(DISTINCT holder_id) FROM validated.held_back WHERE run_id = $run_id) AS held_back_count,
       (SELECT count(DISTINCT holder_id) FROM matched.payments) AS holders_count
