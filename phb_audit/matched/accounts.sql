-- one row per account and holder: its last line, the last balance given, and money in less money out
WITH sums AS (
    SELECT holder_id, account_id, max(paid_on) AS last_line_on, max(paid_on) FILTER (WHERE balance_pence IS NOT NULL) AS last_given_on,
        -sum(amount_pence) FILTER (WHERE kind_code NOT IN ('authorisation', 'declined', 'reversed'))::BIGINT AS moved_pence,
        count(*) AS lines_count
    FROM validated.payments SEMI JOIN holders_now USING (holder_id)
    GROUP BY holder_id, account_id
),
given AS (
    -- only the lines of the last day on which the sender gave a balance can have given the last one
    SELECT payments.holder_id, payments.account_id, payments.run_id, payments.file_id, payments.line_number, payments.balance_pence
    FROM validated.payments AS payments
    JOIN sums ON sums.holder_id = payments.holder_id AND sums.account_id = payments.account_id AND sums.last_given_on = payments.paid_on
    WHERE payments.balance_pence IS NOT NULL
),
files AS (
    -- a statement that begins with its newest line is read from its end
    SELECT payments.holder_id, payments.account_id, payments.file_id,
        arg_min(payments.paid_on, payments.line_number) > arg_max(payments.paid_on, payments.line_number) AS is_newest_first
    FROM validated.payments AS payments
    SEMI JOIN given ON given.file_id = payments.file_id AND given.account_id = payments.account_id AND given.holder_id = payments.holder_id
    GROUP BY payments.holder_id, payments.account_id, payments.file_id
),
last_given AS (
    SELECT holder_id, account_id,
        arg_max(balance_pence, (run_id, file_id, CASE WHEN is_newest_first THEN -line_number ELSE line_number END)) AS given_pence
    FROM given JOIN files USING (holder_id, account_id, file_id)
    GROUP BY holder_id, account_id
)
SELECT holder_id, account_id, last_line_on, given_pence, moved_pence, lines_count
FROM sums LEFT JOIN last_given USING (holder_id, account_id)
ORDER BY holder_id, account_id
