-- One row per holder, budget period and account, of the holders asked for.
SELECT * FROM validated.budgets SEMI JOIN batch USING (holder_id) ORDER BY budget_id
