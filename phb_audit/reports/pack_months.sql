-- one row per month with a payment on file
SELECT DISTINCT date_trunc('month', paid_on)::DATE AS month_on
FROM matched.payments
WHERE is_spend
ORDER BY month_on
