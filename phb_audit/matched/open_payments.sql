-- one row per payment of a night not matched yet; payments of earlier nights that are looked at again are put beside them
CREATE OR REPLACE TEMP TABLE asked_payments AS
SELECT holder_id, payment_id, paid_on, amount_pence, TRUE AS is_open, FALSE AS is_held
FROM validated.payments SEMI JOIN open_nights USING (run_id)
