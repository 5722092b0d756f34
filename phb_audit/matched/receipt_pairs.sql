-- one row per purchase and receipt of one holder that could belong together by day and amount: names compared on distinct pairs
WITH pairs AS (
    SELECT paid.payment_id, receipt.receipt_id, paid.payee_name, receipt.supplier_key, paid.amount_pence, receipt.total_pence,
        paid.paid_on, receipt.dated_on, receipt.received_on
    FROM receipts_now AS receipt
    JOIN purchases_now AS paid ON paid.holder_id = receipt.holder_id AND paid.amount_pence = receipt.total_pence
    WHERE (receipt.is_open OR paid.is_open) AND coalesce(receipt.dated_on, receipt.received_on) BETWEEN paid.paid_on - $far_days AND paid.paid_on + $far_days
    UNION ALL
    SELECT paid.payment_id, receipt.receipt_id, paid.payee_name, receipt.supplier_key, paid.amount_pence, receipt.total_pence,
        paid.paid_on, receipt.dated_on, receipt.received_on
    FROM receipts_now AS receipt
    JOIN purchases_now AS paid ON paid.holder_id = receipt.holder_id
    WHERE (receipt.is_open OR paid.is_open) AND receipt.dated_on BETWEEN paid.paid_on - $close_days AND paid.paid_on + $close_days
      AND paid.amount_pence <> receipt.total_pence
      AND abs(paid.amount_pence - receipt.total_pence) <= greatest($small_pence, $near_share * paid.amount_pence)
), likeness AS (
    SELECT payee_name, supplier_key,
        CASE WHEN starts_with(supplier_key, payee_name) OR starts_with(payee_name, supplier_key) OR contains(payee_name, supplier_key) THEN 1.0
             ELSE jaro_winkler_similarity(payee_name, supplier_key) END AS likeness_share
    FROM (SELECT DISTINCT payee_name, supplier_key FROM pairs WHERE payee_name <> '' AND supplier_key <> '')
)
SELECT pairs.payment_id, pairs.receipt_id, pairs.amount_pence, pairs.total_pence - pairs.amount_pence AS difference_pence,
    datediff('day', pairs.paid_on, pairs.dated_on) AS receipt_days,
    datediff('day', pairs.paid_on, pairs.received_on) AS received_days,
    likeness.likeness_share
FROM pairs LEFT JOIN likeness USING (payee_name, supplier_key)
