-- one row per account of a holder, found by the holder's id or the account's
SELECT account_id, holder_id, balance_pence, due_pence, planned_pence, weekly_pence
FROM matched.accounts WHERE holder_id = $ref OR account_id = $ref ORDER BY holder_id, account_id
