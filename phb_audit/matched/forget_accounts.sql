-- one row per account of a holder touched tonight goes: it is matched anew
DELETE FROM matched.accounts WHERE holder_id IN (SELECT holder_id FROM holders_now)
