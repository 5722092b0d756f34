-- one row per payment matched anew goes, whatever its night left of it; so does one that an earlier try of tonight knew and that is gone
DELETE FROM matched.payments
WHERE (run_id IN (SELECT run_id FROM open_nights) AND payment_id IN (SELECT payment_id FROM asked_payments WHERE is_open))
   OR payment_id IN (SELECT payment_id FROM older_payments WHERE is_open)
   OR payment_id IN (
        SELECT payment_id FROM (SELECT payment_id FROM matched.payments WHERE run_id = $run_id) ANTI JOIN validated.payments USING (payment_id)
   )
