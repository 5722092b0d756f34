-- one row per category of spending
SELECT category_code, count(*) AS spending_count, sum(amount_pence)::BIGINT AS spending_pence, count(DISTINCT holder_id) AS holders_count
FROM matched.payments
WHERE is_spend
GROUP BY category_code
ORDER BY spending_pence DESC, category_code
