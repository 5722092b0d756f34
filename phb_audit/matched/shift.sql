-- one row per payment matched before whose budget stands otherwise, since an earlier purchase came late
UPDATE matched.payments AS payments
SET spent_to_date_pence = shifted.spent_to_date_pence, remaining_pence = shifted.remaining_pence, run_id = $run_id
FROM shifted_now AS shifted
WHERE payments.payment_id = shifted.payment_id
