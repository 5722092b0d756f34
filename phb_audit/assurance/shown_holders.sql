-- one row per holder with a budget on file, with the newest budget and how far it is spent
WITH latest AS (
    SELECT DISTINCT ON (holder_id) holder_id, holding_code, care_group_code, area_name, annual_pence, starts_on, ends_on
    FROM validated.budgets
    ORDER BY holder_id, starts_on DESC NULLS LAST, budget_id
), spent AS (
    SELECT holder_id,
           max_by(spent_to_date_pence, (paid_on, payment_id)) FILTER (WHERE spent_to_date_pence IS NOT NULL) AS spent_pence,
           max_by(remaining_pence, (paid_on, payment_id)) FILTER (WHERE remaining_pence IS NOT NULL) AS remaining_pence,
           max(paid_on) FILTER (WHERE spent_to_date_pence IS NOT NULL) AS spent_on,
           max(paid_on) AS last_paid_on
    FROM matched.payments
    GROUP BY holder_id
)
SELECT latest.*, spent.spent_pence, spent.remaining_pence, spent.spent_on, spent.last_paid_on
FROM latest LEFT JOIN spent USING (holder_id)
