-- one row per purchase in a random sample of those with no flag: the same night always draws the same ones
SELECT p.payment_id, p.holder_id, p.payee_shown, p.amount_pence, p.paid_on, p.category_code, p.plan_line_words, p.match_code,
       p.receipt_id IS NOT NULL AS has_receipt
FROM matched.payments p
WHERE p.is_spend
  AND p.payment_id NOT IN (SELECT payment_id FROM flagged.findings WHERE payment_id IS NOT NULL)
  AND p.payment_id NOT IN (SELECT payment_id FROM flagged.cases WHERE payment_id IS NOT NULL)
ORDER BY sha256($run_id || p.payment_id), p.payment_id
LIMIT $size
