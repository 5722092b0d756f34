-- One row per spend line of the holders looked at, from the first day looked at: what the same holder had spent in the year before that day.
-- Every window ends the day before, so that what is paid or sent later changes nothing; two years are read, so that the first gaps are whole.
-- Days and sets of lines are numbers here, and ids and texts stay apart till the end: sorting whole rows by texts took most of the time.
WITH asked AS (
    SELECT payment_id, holder_id, paid_on, (paid_on - DATE '2000-01-01')::INTEGER AS day, paid_on >= from_on AS is_told,
        paid_on >= from_on - 365 AS is_near, amount_pence, kind_code = 'cash' AS is_cash, isodow(paid_on) > 5 AS is_weekend,
        CASE WHEN NOT is_abstained THEN category_code END AS category_code, hash(holder_id) AS holder, hash(holder_id, payee_id) AS payee,
        hash(holder_id, plan_line_id) AS line, hash(holder_id, CASE WHEN NOT is_abstained THEN category_code END) AS kind
    FROM matched.payments JOIN looked_at USING (holder_id)
    WHERE is_spend AND amount_pence > 0 AND paid_on >= from_on - 730
),
gapped AS (
    SELECT *, day - lag(day) OVER in_order AS since_days,
        row_number() OVER in_order - rank() OVER (PARTITION BY payee ORDER BY day) + 1 AS place_in_day
    FROM asked
    WINDOW in_order AS (PARTITION BY payee ORDER BY day, payment_id)
),
told AS MATERIALIZED (
    SELECT row_number() OVER () AS id, * REPLACE (CASE WHEN since_days <= 365 THEN since_days END AS since_days) FROM gapped WHERE is_near
),
narrow AS (SELECT id, day, is_told, amount_pence, is_cash, is_weekend, since_days, holder, payee, line, kind FROM told),
before AS (
    SELECT id, is_told,
        count(*) OVER by_kind AS category_count, quantile_disc(amount_pence, 0.5) OVER by_kind AS category_middle_pence,
        count(*) OVER by_payee AS payee_count, quantile_disc(amount_pence, 0.5) OVER by_payee AS payee_middle_pence,
        max(amount_pence) OVER by_payee AS payee_most_pence, quantile_disc(since_days, 0.5) OVER by_payee AS payee_gap_days,
        count(*) OVER by_amount AS amount_count, count(*) OVER week AS week_count,
        count(*) OVER by_holder AS holder_count, DATE '2000-01-01' + first_value(day) OVER by_holder AS holder_from_on,
        coalesce(sum(amount_pence) OVER by_holder, 0)::BIGINT AS holder_pence,
        coalesce(sum(amount_pence) OVER four_weeks, 0)::BIGINT AS four_weeks_pence,
        coalesce(sum(CASE WHEN is_cash THEN amount_pence ELSE 0 END) OVER four_weeks, 0)::BIGINT AS cash_pence,
        coalesce(sum(CASE WHEN is_weekend THEN 1 ELSE 0 END) OVER by_holder, 0)::BIGINT AS weekend_count,
        count(*) OVER by_line AS line_count, coalesce(sum(amount_pence) OVER by_line, 0)::BIGINT AS line_pence
    FROM narrow
    WINDOW by_kind AS (PARTITION BY kind ORDER BY day RANGE BETWEEN 365 PRECEDING AND 1 PRECEDING),
        by_payee AS (PARTITION BY payee ORDER BY day RANGE BETWEEN 365 PRECEDING AND 1 PRECEDING),
        by_amount AS (PARTITION BY payee, amount_pence ORDER BY day RANGE BETWEEN 365 PRECEDING AND 1 PRECEDING),
        week AS (PARTITION BY payee ORDER BY day RANGE BETWEEN 7 PRECEDING AND 1 PRECEDING),
        by_holder AS (PARTITION BY holder ORDER BY day RANGE BETWEEN 365 PRECEDING AND 1 PRECEDING),
        four_weeks AS (PARTITION BY holder ORDER BY day RANGE BETWEEN 28 PRECEDING AND 1 PRECEDING),
        by_line AS (PARTITION BY line ORDER BY day RANGE BETWEEN 365 PRECEDING AND 1 PRECEDING)
)
SELECT payment_id, holder_id, paid_on, category_code, since_days, place_in_day, before.* EXCLUDE (id, is_told)
FROM before JOIN told USING (id) WHERE before.is_told
