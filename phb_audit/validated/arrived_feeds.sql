-- one row per feed expected: whether it is late, and the rows it brought tonight against its usual number
WITH nights AS (
    SELECT run_id, feed_code, sum(rows_landed) AS rows_landed
    FROM landed.files
    WHERE state_code = 'landed' AND run_id <= $run_id
    GROUP BY run_id, feed_code
    HAVING sum(rows_landed) > 0
),
usual AS (
    SELECT feed_code, median(rows_landed) AS usual_rows, count(*) AS nights_count
    FROM nights
    WHERE run_id < $run_id
    GROUP BY feed_code
)
SELECT
    feed.feed_code AS row_id,
    feed.feed_code,
    NULL::VARCHAR AS file_name,
    NULL::BIGINT AS line_number,
    CASE WHEN feed.is_late THEN 'late' ELSE 'in time' END AS lateness_code,
    coalesce('its latest day is ' || strftime(feed.last_data_on, '%-d %B %Y'), 'nothing has come yet') AS last_day,
    feed.usual_days,
    CAST(tonight.rows_landed AS BIGINT) AS rows_tonight,
    CAST(round(usual.usual_rows) AS BIGINT) AS usual_rows,
    CAST(round(100 * tonight.rows_landed / usual.usual_rows) AS BIGINT) AS percent_of_usual,
    usual.nights_count
FROM landed.feeds feed
LEFT JOIN nights tonight ON tonight.run_id = $run_id AND tonight.feed_code = feed.feed_code
LEFT JOIN usual ON usual.feed_code = feed.feed_code AND usual.nights_count >= 3
WHERE feed.run_id = $run_id
ORDER BY feed.feed_code
