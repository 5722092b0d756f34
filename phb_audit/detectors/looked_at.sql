-- One row per holder with a payment matched tonight: the first day from which what stood before a payment may have changed.
CREATE OR REPLACE TEMP TABLE looked_at AS
SELECT holder_id, min(paid_on) AS from_on FROM matched.payments WHERE run_id = $run_id GROUP BY holder_id
