-- One row per holder with a budget or a payment: for the night on which the rules or their limits changed.
SELECT holder_id FROM validated.budgets UNION SELECT holder_id FROM matched.payments ORDER BY holder_id
