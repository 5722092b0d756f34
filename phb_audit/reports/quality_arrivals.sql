-- one row per file or feed of tonight that needs a look
SELECT table_name, feed_code, coalesce(file_name, '') AS file_name, reason, fix_owner
FROM validated.notices
WHERE run_id = $run_id AND table_name IN ('landed.files', 'landed.feeds')
ORDER BY table_name DESC, feed_code, file_name
