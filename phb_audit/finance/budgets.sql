-- one row per holder, account and budget period, once for each night that said it
SELECT holder_id, account_id, holding_code, care_group_code, area_name, age_band, annual_pence, starts_on, ends_on, run_id, line_number
FROM validated.budgets
ORDER BY holder_id, account_id, starts_on, run_id, line_number
