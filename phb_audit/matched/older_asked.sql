-- one row per payment of an earlier night that is looked at again, beside those of tonight
INSERT INTO asked_payments
SELECT holder_id, payment_id, paid_on, amount_pence, is_open, is_held FROM older_rows
