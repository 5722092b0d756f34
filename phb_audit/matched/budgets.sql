-- one row per holder, account and budget period of the holders in holders_now, once for each night that said it
SELECT holder_idx, holder_id, account_id, holding_code, care_group_code, annual_pence, starts_on, ends_on, run_id, line_number
FROM validated.budgets JOIN holders_now USING (holder_id)
