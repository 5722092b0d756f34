-- One row per spend line of the holders looked at, from the first day looked at: what the same holder had spent in the year before that day.
-- Every window ends the day before, so that what is paid or sent later changes nothing; two years are read, so that the first gaps are whole.
WITH asked AS (
    SELECT payment_id, holder_id, paid_on, from_on, amount_pence, kind_code = 'cash' AS is_cash, payee_id, plan_line_id,
        CASE WHEN NOT is_abstained THEN category_code END AS category_code
    FROM matched.payments JOIN looked_at USING (holder_id)
    WHERE is_spend AND amount_pence > 0 AND paid_on >= from_on - 730
),
gapped AS (
    SELECT *, paid_on - lag(paid_on) OVER (PARTITION BY holder_id, payee_id ORDER BY paid_on, payment_id) AS since_days FROM asked
),
told AS (SELECT * REPLACE (CASE WHEN since_days <= 365 THEN since_days END AS since_days) FROM gapped WHERE paid_on >= from_on - 365),
before AS (
    SELECT *,
        count(*) OVER by_category AS category_count, quantile_disc(amount_pence, 0.5) OVER by_category AS category_middle_pence,
        count(*) OVER by_payee AS payee_count, quantile_disc(amount_pence, 0.5) OVER by_payee AS payee_middle_pence,
        max(amount_pence) OVER by_payee AS payee_most_pence, quantile_disc(since_days, 0.5) OVER by_payee AS payee_gap_days,
        count(*) OVER by_amount AS amount_count, count(*) OVER week AS week_count,
        row_number() OVER (PARTITION BY holder_id, payee_id, paid_on ORDER BY payment_id) AS place_in_day,
        count(*) OVER by_holder AS holder_count, min(paid_on) OVER by_holder AS holder_from_on,
        coalesce(sum(amount_pence) OVER by_holder, 0)::BIGINT AS holder_pence,
        coalesce(sum(amount_pence) OVER four_weeks, 0)::BIGINT AS four_weeks_pence,
        coalesce(sum(CASE WHEN is_cash THEN amount_pence ELSE 0 END) OVER four_weeks, 0)::BIGINT AS cash_pence,
        coalesce(sum(CASE WHEN isodow(paid_on) > 5 THEN 1 ELSE 0 END) OVER by_holder, 0)::BIGINT AS weekend_count,
        count(*) OVER by_line AS line_count, coalesce(sum(amount_pence) OVER by_line, 0)::BIGINT AS line_pence
    FROM told
    WINDOW by_category AS (PARTITION BY holder_id, category_code ORDER BY paid_on RANGE BETWEEN INTERVAL 365 DAYS PRECEDING AND INTERVAL 1 DAY PRECEDING),
        by_payee AS (PARTITION BY holder_id, payee_id ORDER BY paid_on RANGE BETWEEN INTERVAL 365 DAYS PRECEDING AND INTERVAL 1 DAY PRECEDING),
        by_amount AS (PARTITION BY holder_id, payee_id, amount_pence ORDER BY paid_on RANGE BETWEEN INTERVAL 365 DAYS PRECEDING AND INTERVAL 1 DAY PRECEDING),
        week AS (PARTITION BY holder_id, payee_id ORDER BY paid_on RANGE BETWEEN INTERVAL 7 DAYS PRECEDING AND INTERVAL 1 DAY PRECEDING),
        by_holder AS (PARTITION BY holder_id ORDER BY paid_on RANGE BETWEEN INTERVAL 365 DAYS PRECEDING AND INTERVAL 1 DAY PRECEDING),
        four_weeks AS (PARTITION BY holder_id ORDER BY paid_on RANGE BETWEEN INTERVAL 28 DAYS PRECEDING AND INTERVAL 1 DAY PRECEDING),
        by_line AS (PARTITION BY holder_id, plan_line_id ORDER BY paid_on RANGE BETWEEN INTERVAL 365 DAYS PRECEDING AND INTERVAL 1 DAY PRECEDING)
)
SELECT * EXCLUDE (from_on, amount_pence, is_cash, payee_id, plan_line_id) FROM before WHERE paid_on >= from_on
