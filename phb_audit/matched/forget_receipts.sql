-- one row per receipt of a holder touched tonight goes: it is matched anew
DELETE FROM matched.receipts WHERE holder_id IN (SELECT holder_id FROM holders_now)
