-- one row per sum that may have come back already: refunds of the same payees, repayments from the account, offsets against instalments
WITH lines AS (SELECT min(paid_on) AS first_on, max(holder_id) AS holder_id FROM matched.payments JOIN asked USING (payment_id))
SELECT payment_id AS back_id, 'refund' AS back_code, paid_on, -amount_pence AS back_pence, payee_shown AS words
FROM matched.payments JOIN lines USING (holder_id)
WHERE amount_pence < 0 AND kind_code NOT IN ('instalment', 'interest') AND paid_on >= first_on
    AND payee_id IN (SELECT payee_id FROM matched.payments JOIN asked USING (payment_id))
UNION ALL
SELECT payment_id, 'repayment', paid_on, amount_pence, payee_shown
FROM matched.payments JOIN lines USING (holder_id)
WHERE kind_code = 'repayment' AND amount_pence > 0 AND paid_on >= first_on
UNION ALL
SELECT instalment_id, 'offset', paid_on, abs(amount_pence), coalesce(reference, 'an instalment')
FROM validated.instalments JOIN lines USING (holder_id)
WHERE kind_code = 'recovery offset' AND paid_on >= first_on
ORDER BY paid_on, back_id
