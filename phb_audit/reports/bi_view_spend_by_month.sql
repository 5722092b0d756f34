-- one row per month, category and way of holding
CREATE VIEW bi.spend_by_month AS
SELECT month_on, holding_code, category_code, any_value(category_name) AS category_name, count(*) AS purchases_count,
    sum(amount_pence)::BIGINT AS spent_pence, avg(has_receipt::INTEGER) AS receipts_share
FROM bi.purchases
GROUP BY month_on, holding_code, category_code
