-- One row per payment admitted tonight that is older than the horizon, of the holders asked for.
SELECT holder_id, payment_id, paid_on FROM validated.payments SEMI JOIN batch USING (holder_id) WHERE run_id = $run_id AND paid_on < $horizon_on
