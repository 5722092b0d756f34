-- one row per payment of the holders in holders_now that stands, on or after the first day matched anew
SELECT holder_idx, payment_id, paid_on, amount_pence, is_spend, stood_spent_pence, stood_remaining_pence
FROM later_payments JOIN holders_now USING (holder_id)
