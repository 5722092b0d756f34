-- one row per refund of a holder touched tonight and its purchase goes: it is looked for anew
DELETE FROM matched.refund_links WHERE holder_id IN (SELECT holder_id FROM holders_now)
