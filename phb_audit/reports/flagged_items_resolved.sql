-- one row per flag that this night no longer found and that may be shown
SELECT c.flag_id, c.cleared_on, c.rule_id, c.holder_id, c.sentence, c.because, p.payee_shown, p.amount_pence, p.paid_on
FROM flagged.cleared c
LEFT JOIN matched.payments p ON p.payment_id = c.payment_id
WHERE c.run_id = $run_id AND NOT coalesce(c.is_restricted, TRUE)
  AND coalesce(c.payment_id, '') NOT IN (SELECT payment_id FROM drawn.cases WHERE payment_id IS NOT NULL AND decision_code IS NULL)
ORDER BY p.paid_on DESC, c.flag_id
