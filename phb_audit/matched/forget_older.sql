-- one row per older payment that a receipt of tonight stands beside, or stood beside, goes: it is matched anew
DELETE FROM matched.payments WHERE payment_id IN (SELECT payment_id FROM older_now)
