-- one row per purchase and receipt of one holder that could belong together by day and amount: names compared on distinct pairs
WITH pairs AS (
    SELECT paid.payment_id, receipt.receipt_id, paid.payee_name, receipt.supplier_key,
        receipt.total_pence - paid.amount_pence AS difference_pence, paid.amount_pence,
        datediff('day', paid.paid_on, receipt.dated_on) AS receipt_days,
        datediff('day', paid.paid_on, receipt.received_on) AS received_days
    FROM receipts_now AS receipt
    JOIN purchases_now AS paid ON paid.holder_id = receipt.holder_id
    WHERE (receipt.total_pence = paid.amount_pence
           AND coalesce(receipt.dated_on, receipt.received_on) BETWEEN paid.paid_on - $far_days AND paid.paid_on + $far_days)
       OR receipt.dated_on BETWEEN paid.paid_on - $close_days AND paid.paid_on + $close_days
), names AS (
    SELECT DISTINCT payee_name, supplier_key FROM pairs WHERE payee_name <> '' AND supplier_key <> ''
), likeness AS (
    SELECT payee_name, supplier_key,
        CASE WHEN starts_with(supplier_key, payee_name) OR starts_with(payee_name, supplier_key) OR contains(payee_name, supplier_key) THEN 1.0
             ELSE jaro_winkler_similarity(payee_name, supplier_key) END AS likeness_share
    FROM names
)
SELECT pairs.* EXCLUDE (payee_name, supplier_key), likeness.likeness_share,
    pairs.payee_name = '' OR pairs.supplier_key = '' AS is_name_missing
FROM pairs LEFT JOIN likeness USING (payee_name, supplier_key)
