-- one row per instalment of the holders in holders_now
SELECT holder_id, amount_pence, paid_on, kind_code
FROM validated.instalments JOIN holders_now USING (holder_id)
