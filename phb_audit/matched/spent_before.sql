-- one row per holder in years_open that spent anything in the budget year before the first day matched anew
SELECT years_open.holder_id, sum(payments.amount_pence)::BIGINT AS spent_before_pence
FROM validated.payments AS payments
JOIN years_open ON years_open.holder_id = payments.holder_id
WHERE payments.is_spend AND payments.paid_on >= years_open.year_from_on AND payments.paid_on < years_open.first_open_on
GROUP BY years_open.holder_id
