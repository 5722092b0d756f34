-- one row per account of a holder, found by the holder's id, by what reports call the holder, or by the account's id
SELECT account_id, holder_id, balance_pence, due_pence, planned_pence, weekly_pence
FROM matched.accounts
WHERE $ref IN (holder_id, account_id) OR 'PHB-' || upper(substr(holder_id, 2, 6)) = upper($ref)
ORDER BY holder_id, account_id
