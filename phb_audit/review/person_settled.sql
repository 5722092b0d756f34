-- one row per unusual purchase of the holder's that an agreed item or exception settles
SELECT s.sentence, p.payee_shown, p.amount_pence, p.paid_on
FROM flagged.suppressed s JOIN matched.payments p USING (payment_id)
WHERE s.holder_id = $holder_id
ORDER BY p.paid_on DESC, s.flag_id
LIMIT 50
