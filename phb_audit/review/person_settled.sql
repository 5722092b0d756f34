-- one row per unusual purchase of the holders in shown_holders that an agreed item or exception settles, the newest fifty of each
SELECT s.holder_id, s.sentence, p.payee_shown, p.amount_pence, p.paid_on
FROM flagged.suppressed s SEMI JOIN shown_holders USING (holder_id) JOIN matched.payments p USING (payment_id)
QUALIFY row_number() OVER (PARTITION BY s.holder_id ORDER BY p.paid_on DESC, s.flag_id) <= 50
ORDER BY s.holder_id, p.paid_on DESC, s.flag_id
