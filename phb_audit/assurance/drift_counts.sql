-- one row per week, feature and value up to tonight: lines of spend
SELECT week_on, feature_code, value_text, CAST(sum(lines_count) AS BIGINT) AS lines_count
FROM classified.weekly_counts
WHERE run_id <= $run_id AND week_on > $first_on AND week_on <= $as_of
GROUP BY week_on, feature_code, value_text
ORDER BY week_on, feature_code, value_text
