-- One row per purchase within some days after one of the same holder, payee and amount: the counts that tell a habit from a copy.
WITH purchases AS (
    SELECT payment_id, hash(payment_id) AS id, holder_id, paid_on, amount_pence, payee_shown, payee_ref, payee_id,
        hash(payee_shown, description) AS words
    FROM matched.payments
    WHERE paid_on BETWEEN $from_on AND $to_on AND kind_code = 'purchase' AND amount_pence > 0
),
names AS (
    -- A name as any bank would begin to write it: letters only, cut short.
    SELECT payee_shown, left(regexp_replace(regexp_replace(lower(payee_shown), '^card ', ''), '[^a-z]', '', 'g'), $name_letters) AS head
    FROM (SELECT DISTINCT payee_shown FROM purchases)
),
lines AS (
    SELECT id, paid_on, words, hash(named) AS payee, hash(named, amount_pence) AS price, hash(holder_id, named) AS habit,
        hash(holder_id, named, amount_pence) AS block
    FROM (SELECT purchases.*, coalesce(payee_ref, nullif(head, ''), payee_id) AS named FROM purchases JOIN names USING (payee_shown))
),
placed AS MATERIALIZED (
    SELECT *, row_number() OVER same AS place, lag(id) OVER same AS before, words <> lag(words) OVER same AS is_reworded,
        paid_on - lag(paid_on) OVER same AS gap_days, coalesce(gap_days <= $within_days, false) AS is_pair
    FROM lines
    WINDOW same AS (PARTITION BY block ORDER BY paid_on, id)
),
histories AS MATERIALIZED (SELECT * FROM placed SEMI JOIN (SELECT habit FROM placed WHERE is_pair) USING (habit)),
usual AS (
    SELECT id, paid_on, row_number() OVER habits - 1 AS payee_count, sum(is_pair::INTEGER) OVER habits - is_pair::INTEGER AS pairs_count,
        paid_on - first_value(paid_on) OVER habits AS span_days
    FROM histories
    WINDOW habits AS (PARTITION BY habit ORDER BY paid_on, id ROWS UNBOUNDED PRECEDING)
),
of_habit AS (SELECT habit, count(*) AS lines_count, count(*) FILTER (is_pair) AS pairs_count FROM histories GROUP BY habit),
of_block AS (SELECT block, max(place) AS lines_count FROM histories WHERE place > 1 GROUP BY block),
of_day AS (SELECT habit, paid_on, count(*) AS day_count FROM histories GROUP BY habit, paid_on),
of_payee AS (SELECT payee, count(*) AS lines_count, count(*) FILTER (is_pair) AS pairs_count FROM placed GROUP BY payee),
of_price AS (SELECT price, count(*) AS lines_count FROM placed SEMI JOIN (SELECT price FROM placed WHERE is_pair) USING (price) GROUP BY price)
SELECT p.payment_id, b.payment_id AS before_id, p.holder_id, p.paid_on, b.paid_on AS before_on, p.amount_pence, n.gap_days, n.is_reworded,
    u.payee_count, n.place - 2 AS amount_count, u.pairs_count::BIGINT AS pairs_count, u.span_days,
    of_day.day_count - 2 + (n.gap_days > 0)::BIGINT AS day_count, of_payee.lines_count - of_habit.lines_count AS others_count,
    of_payee.pairs_count - of_habit.pairs_count AS others_pairs_count, of_price.lines_count - of_block.lines_count AS others_price_count
FROM (SELECT * FROM histories WHERE is_pair) n
JOIN usual u ON u.id = n.before
JOIN purchases p ON p.id = n.id
JOIN purchases b ON b.id = n.before
JOIN of_habit ON of_habit.habit = n.habit
JOIN of_block ON of_block.block = n.block
JOIN of_day ON of_day.habit = n.habit AND of_day.paid_on = n.paid_on
JOIN of_payee ON of_payee.payee = n.payee
JOIN of_price ON of_price.price = n.price
ORDER BY n.id
