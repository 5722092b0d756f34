-- One row per reason that detectors give beside the flags of a payment, the rarest first.
SELECT sentence, usual FROM detected.reasons WHERE payment_id = $payment_id ORDER BY place
