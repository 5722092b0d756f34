-- one row per account of a holder, found by the holder's id, by what reports call the holder, or by the account's id
SELECT account_id, holder_id, balance_pence, due_pence, planned_pence, weekly_pence
FROM matched.accounts
WHERE holder_id = $ref OR account_id = $ref OR holder_id IN (SELECT holder_id FROM flagged.cases WHERE holder_shown = upper($ref))
    ORDER BY holder_id, account_id
