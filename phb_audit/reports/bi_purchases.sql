-- one row per payment that counts as spend, numbered in an order that says nothing of people or days
SELECT row_number() OVER (ORDER BY md5(payment_id)) AS purchase_number, date_trunc('month', paid_on)::DATE AS month_on, holding_code,
    category_code, amount_pence, match_code, receipt_id IS NOT NULL AS has_receipt,
    payment_id IN (SELECT payment_id FROM flagged.cases WHERE payment_id IS NOT NULL AND NOT is_restricted
        AND case_id NOT IN (SELECT case_id FROM drawn.cases)) AS has_item,
    is_abstained AS is_unsure
FROM matched.payments
WHERE is_spend
ORDER BY purchase_number
