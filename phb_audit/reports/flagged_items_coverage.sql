-- one row: how much the night looked at
SELECT count(*) AS payments_count,
       count(*) FILTER (is_spend) AS spending_count,
       coalesce(sum(amount_pence) FILTER (is_spend), 0)::BIGINT AS spending_pence,
       count(DISTINCT holder_id) AS holders_count,
       min(paid_on) AS first_on,
       max(paid_on) AS last_on,
       count(*) FILTER (is_spend AND receipt_id IS NOT NULL) AS receipt_count,
       count(*) FILTER (is_spend AND match_code = 'no_plan') AS no_plan_count,
       count(*) FILTER (is_spend AND match_code = 'fits') AS fits_count,
       count(*) FILTER (is_spend AND is_abstained) AS unclear_count,
       (SELECT count(*) FROM validated.plans) AS plans_count,
       (SELECT count(*) FROM validated.budgets WHERE annual_pence IS NOT NULL) AS budgets_count,
       (SELECT count(*) FROM validated.receipts) AS receipts_count
FROM matched.payments
