-- one row per kind of account that any budget names
SELECT DISTINCT lower(trim(account_kind_text)) AS kind_code FROM landed.budgets WHERE account_kind_text IS NOT NULL
