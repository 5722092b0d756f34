-- one row per earlier purchase that stands and fits a one-off line strongly: what may have settled that item before
CREATE OR REPLACE TEMP TABLE earlier_items AS
SELECT holder_id, payment_id, paid_on, amount_pence, payee_id, plan_line_id, plan_line_words, is_preapproved
FROM matched.payments
WHERE match_code = 'fits' AND match_share >= $preapproved_share AND line_frequency_code = 'one-off' AND amount_pence > 0
  AND holder_id IN (SELECT holder_id FROM touched_holders WHERE NOT is_whole)
  AND payment_id NOT IN (SELECT payment_id FROM asked_payments WHERE is_open)
