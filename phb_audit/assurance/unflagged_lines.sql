-- one row per purchase without an ordinary flag that came in after the night that drew last
SELECT p.payment_id, p.holder_id, p.amount_pence, p.match_code, p.payee_ref IS NOT NULL AS is_person_paid
FROM matched.payments p
JOIN validated.payments v USING (payment_id)
WHERE p.is_spend AND p.amount_pence > 0 AND v.run_id <= $run_id
  AND v.run_id > coalesce((SELECT max(run_id) FROM drawn.draws WHERE run_id < $run_id), '') -- a run's id ends in its day
  AND p.payment_id NOT IN (SELECT payment_id FROM flagged.findings WHERE payment_id IS NOT NULL)
ORDER BY p.payment_id
