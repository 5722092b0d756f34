-- one row per week, feature and value of tonight's spend: how many lines
INSERT INTO classified.weekly_counts BY NAME
WITH lines AS (
    SELECT date_trunc('week', payments.paid_on)::DATE AS week_on,
        answers.category_code AS category,
        answers.how_code AS how_known,
        CASE WHEN answers.is_abstained THEN 'yes' ELSE 'no' END AS uncertain,
        CAST(least(answers.set_count, 9) AS VARCHAR) AS set_size,
        payments.feed_code AS feed,
        CASE
            WHEN payments.mcc_code IS NULL THEN 'none' ELSE left(payments.mcc_code, 2)
        END AS merchant_code,
        CASE
            WHEN payments.amount_pence < 0 THEN 'back'
            WHEN payments.amount_pence < 500 THEN 'under 5'
            WHEN payments.amount_pence < 1000 THEN '5 to 10'
            WHEN payments.amount_pence < 2500 THEN '10 to 25'
            WHEN payments.amount_pence < 5000 THEN '25 to 50'
            WHEN payments.amount_pence < 10000 THEN '50 to 100'
            WHEN payments.amount_pence < 25000 THEN '100 to 250'
            WHEN payments.amount_pence < 50000 THEN '250 to 500'
            WHEN payments.amount_pence < 100000 THEN '500 to 1,000'
            ELSE '1,000 and more'
        END AS amount_band,
        count(*) AS lines_count
    FROM validated.payments AS payments
    JOIN classified.payments AS answers ON answers.payment_id = payments.payment_id
    WHERE payments.run_id = $run_id AND answers.run_id = $run_id AND payments.is_spend
    GROUP BY ALL
)
SELECT $run_id AS run_id, week_on, feature_code, value_text, CAST(sum(lines_count) AS BIGINT) AS lines_count
FROM (UNPIVOT lines ON category, how_known, uncertain, set_size, feed, merchant_code, amount_band INTO NAME feature_code VALUE value_text)
GROUP BY week_on, feature_code, value_text
ORDER BY week_on, feature_code, value_text
