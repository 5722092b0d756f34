-- One row per payment that stands on another account of the same holder too: same payee and amount within days, one beside one.
WITH spent AS (
    SELECT payment_id, holder_id, account_id, feed_code, paid_on, amount_pence, payee_shown, payee_ref, payee_id
    FROM matched.payments
    WHERE paid_on BETWEEN $from_on AND $to_on AND is_spend AND amount_pence > 0
),
several AS (SELECT holder_id FROM spent GROUP BY holder_id HAVING min(account_id) <> max(account_id)),
lines AS MATERIALIZED (
    -- A name as any bank would begin to write it: letters only, cut short.
    SELECT *, coalesce(payee_ref, nullif(left(regexp_replace(regexp_replace(lower(payee_shown), '^card ', ''), '[^a-z]', '', 'g'), $name_letters), ''),
        payee_id) AS named, row_number() OVER (PARTITION BY holder_id, account_id, paid_on, amount_pence ORDER BY payment_id) AS place
    FROM spent SEMI JOIN several USING (holder_id)
),
near AS (
    SELECT one.payment_id AS one_id, two.payment_id AS two_id, one.account_id AS one_account, two.account_id AS two_account,
        abs(one.paid_on - two.paid_on) AS gap_days, abs(one.place - two.place) AS places
    FROM lines AS one
    JOIN lines AS two ON two.holder_id = one.holder_id AND two.amount_pence = one.amount_pence AND two.named = one.named
        AND two.account_id > one.account_id AND two.paid_on BETWEEN one.paid_on - $within_days AND one.paid_on + $within_days
),
ranked AS (
    SELECT *, row_number() OVER (PARTITION BY one_id, two_account ORDER BY gap_days, places, two_id) AS one_rank,
        row_number() OVER (PARTITION BY two_id, one_account ORDER BY gap_days, places, one_id) AS two_rank
    FROM near
),
pairs AS MATERIALIZED (SELECT one_id, two_id, one_account, two_account, gap_days FROM ranked WHERE one_rank = 1 AND two_rank = 1),
told AS (
    SELECT pairs.*, one.holder_id, one.named, one.amount_pence, one.paid_on AS one_on, two.paid_on AS two_on, one.feed_code AS one_feed,
        two.feed_code AS two_feed
    FROM pairs JOIN lines AS one ON one.payment_id = one_id JOIN lines AS two ON two.payment_id = two_id
),
close AS (
    -- Of each payee and price: how many payments came within these days after another on one account. Where some do, two are a habit.
    SELECT holder_id, named, amount_pence, count(*) AS close_count
    FROM (
        SELECT *, paid_on - lag(paid_on) OVER (PARTITION BY holder_id, account_id, named, amount_pence ORDER BY paid_on, payment_id) AS since_days
        FROM lines
    )
    WHERE since_days <= $within_days
    GROUP BY ALL
),
spans AS (SELECT holder_id, account_id, min(paid_on) AS first_on, max(paid_on) AS last_on FROM lines GROUP BY ALL),
together AS (
    SELECT DISTINCT told.holder_id, one_account, two_account, greatest(a.first_on, b.first_on) AS first_on, least(a.last_on, b.last_on) AS last_on
    FROM told
    JOIN spans AS a ON a.holder_id = told.holder_id AND a.account_id = one_account
    JOIN spans AS b ON b.holder_id = told.holder_id AND b.account_id = two_account
),
shares AS (
    -- Of two accounts, in the days that both speak of: payments on the one with fewer, and how many stand on both.
    SELECT holder_id, one_account, two_account, least(count(*) FILTER (account_id = one_account), count(*) FILTER (account_id = two_account)) AS fewer_count
    FROM together JOIN lines USING (holder_id)
    WHERE account_id IN (one_account, two_account) AND paid_on BETWEEN first_on - $within_days AND last_on + $within_days
    GROUP BY ALL
),
both_of AS (SELECT holder_id, one_account, two_account, count(*) AS both_count FROM told GROUP BY ALL)
SELECT CASE WHEN (two_on, two_id) > (one_on, one_id) THEN two_id ELSE one_id END AS payment_id,
    CASE WHEN (two_on, two_id) > (one_on, one_id) THEN one_id ELSE two_id END AS before_id, holder_id,
    least(one_on, two_on) AS before_on, CASE WHEN (two_on, two_id) > (one_on, one_id) THEN one_feed ELSE two_feed END AS before_feed_code,
    gap_days, coalesce(close_count, 0) AS close_count, both_count, fewer_count
FROM told LEFT JOIN close USING (holder_id, named, amount_pence) JOIN shares USING (holder_id, one_account, two_account) JOIN both_of USING (holder_id, one_account, two_account)
ORDER BY payment_id, before_id
