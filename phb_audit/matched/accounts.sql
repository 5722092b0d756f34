-- one row per account and holder: its last line, the last balance given, and money in less money out
WITH touched AS (SELECT holder_id FROM holders_now),
lines AS (
    SELECT payments.* FROM validated.payments AS payments JOIN touched USING (holder_id)
),
files AS (
    -- a statement that begins with its newest line is read from its end
    SELECT account_id, file_id, arg_min(paid_on, line_number) > arg_max(paid_on, line_number) AS is_newest_first
    FROM lines GROUP BY account_id, file_id
),
placed AS (
    SELECT lines.*, CASE WHEN is_newest_first THEN -line_number ELSE line_number END AS place
    FROM lines JOIN files USING (account_id, file_id)
)
SELECT holder_id, account_id,
    max(paid_on) AS last_line_on,
    arg_max(balance_pence, (paid_on, run_id, file_id, place)) FILTER (WHERE balance_pence IS NOT NULL) AS given_pence,
    -sum(amount_pence) FILTER (WHERE kind_code NOT IN ('authorisation', 'declined', 'reversed'))::BIGINT AS moved_pence,
    count(*) AS lines_count
FROM placed
GROUP BY holder_id, account_id
ORDER BY holder_id, account_id
