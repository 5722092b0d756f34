-- one row per payment of a holder touched tonight goes: it is matched anew
DELETE FROM matched.payments WHERE holder_id IN (SELECT holder_id FROM holders_now)
