-- one row per budget of the holders in shown_holders, the newest sixty of each
SELECT b.holder_id, b.holding_code, b.annual_pence, b.starts_on, b.ends_on
FROM validated.budgets b SEMI JOIN shown_holders USING (holder_id)
QUALIFY row_number() OVER (PARTITION BY b.holder_id ORDER BY b.starts_on DESC NULLS LAST, b.budget_id) <= 60
ORDER BY b.holder_id, b.starts_on DESC NULLS LAST, b.budget_id
