-- one row per holder: the day the lines of all its accounts have come to
SELECT holder_id, min(last_line_on) AS until_on
FROM (
    SELECT account_id, holder_id, last_line_on
    FROM matched.accounts
    WHERE last_line_on <= $last_on
    QUALIFY row_number() OVER (PARTITION BY account_id, holder_id ORDER BY run_id DESC) = 1
)
GROUP BY holder_id
ORDER BY holder_id
