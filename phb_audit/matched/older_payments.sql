-- one row per payment of an earlier night that is looked at again: all of holders looked at whole, and those an open receipt may stand beside
CREATE OR REPLACE TEMP TABLE older_payments AS
WITH met AS (
    SELECT matched.payment_id
    FROM open_receipts AS receipts
    JOIN matched.payments AS matched ON matched.holder_id = receipts.holder_id AND matched.amount_pence = receipts.total_pence
    WHERE matched.receipt_id IS NULL AND matched.kind_code IN ('purchase', 'transfer') AND matched.amount_pence > 0
      AND coalesce(receipts.dated_on, receipts.received_on) BETWEEN matched.paid_on - $far_days AND matched.paid_on + $far_days
    UNION
    SELECT matched.payment_id
    FROM open_receipts AS receipts
    JOIN matched.payments AS matched ON matched.holder_id = receipts.holder_id
    WHERE matched.receipt_id IS NULL AND matched.kind_code IN ('purchase', 'transfer') AND matched.amount_pence > 0
      AND receipts.dated_on BETWEEN matched.paid_on - $close_days AND matched.paid_on + $close_days
      AND matched.amount_pence <> receipts.total_pence
      AND abs(matched.amount_pence - receipts.total_pence) <= greatest($small_pence, $near_share * matched.amount_pence)
),
beside AS (
    SELECT links.payment_id, links.receipt_group_id
    FROM matched.receipt_links AS links
    WHERE links.receipt_id IN (SELECT receipt_id FROM open_receipts)
       -- a tie is looked at again whenever its holder has anything new, and so is what an earlier try of tonight linked
       OR (links.link_code = 'open' AND links.holder_id IN (SELECT holder_id FROM touched_holders))
       OR links.run_id = $run_id
),
held AS (
    SELECT payment_id FROM beside
    UNION SELECT payment_id FROM matched.receipt_links WHERE receipt_group_id IN (SELECT receipt_group_id FROM beside)
),
found AS (
    SELECT payment_id, TRUE AS is_open, FALSE AS is_held
    FROM validated.payments JOIN touched_holders USING (holder_id)
    WHERE is_whole AND run_id NOT IN (SELECT run_id FROM open_nights)
    UNION ALL SELECT payment_id, FALSE, FALSE FROM met
    UNION ALL SELECT payment_id, FALSE, TRUE FROM held
    UNION ALL
    SELECT payment_id, FALSE, TRUE -- a receipt that an earlier try of tonight knew, and that is gone
    FROM (SELECT payment_id, receipt_id FROM matched.payments WHERE run_id = $run_id AND receipt_id IS NOT NULL)
    ANTI JOIN validated.receipts USING (receipt_id)
)
SELECT payment_id, bool_or(is_open) AS is_open, bool_or(is_held) AS is_held
FROM found ANTI JOIN asked_payments USING (payment_id)
GROUP BY payment_id
