-- one row per purchase and receipt of one holder that could belong together by day and amount: names compared on distinct pairs
WITH pairs AS (
    SELECT paid.payment_id, receipt.receipt_id, paid.name_idx, receipt.supplier_idx, paid.amount_pence, receipt.total_pence,
        paid.paid_on, receipt.dated_on, receipt.received_on
    FROM receipts_now AS receipt
    JOIN purchases_now AS paid ON paid.holder_idx = receipt.holder_idx AND paid.amount_pence = receipt.total_pence
    WHERE (receipt.is_open OR paid.is_open) AND coalesce(receipt.dated_on, receipt.received_on) BETWEEN paid.paid_on - $far_days AND paid.paid_on + $far_days
    UNION ALL
    SELECT paid.payment_id, receipt.receipt_id, paid.name_idx, receipt.supplier_idx, paid.amount_pence, receipt.total_pence,
        paid.paid_on, receipt.dated_on, receipt.received_on
    FROM (
        -- days in spans as long as the window: the purchases of a receipt lie in one span or in two
        SELECT *, unnest(list_distinct([(dated_on - $close_days - DATE '1900-01-01') // (2 * $close_days + 1),
            (dated_on + $close_days - DATE '1900-01-01') // (2 * $close_days + 1)])) AS span
        FROM receipts_now WHERE dated_on IS NOT NULL
    ) AS receipt
    JOIN (SELECT *, (paid_on - DATE '1900-01-01') // (2 * $close_days + 1) AS span FROM purchases_now) AS paid
        ON paid.holder_idx = receipt.holder_idx AND paid.span = receipt.span
    WHERE (receipt.is_open OR paid.is_open) AND receipt.dated_on BETWEEN paid.paid_on - $close_days AND paid.paid_on + $close_days
      AND paid.amount_pence <> receipt.total_pence
      AND abs(paid.amount_pence - receipt.total_pence) <= greatest($small_pence, $near_share * paid.amount_pence)
), likeness AS (
    SELECT name_idx, supplier_idx,
        CASE WHEN starts_with(supplier_key, payee_name) OR starts_with(payee_name, supplier_key) OR contains(payee_name, supplier_key) THEN 1.0
             ELSE jaro_winkler_similarity(payee_name, supplier_key) END AS likeness_share
    FROM (SELECT DISTINCT name_idx, supplier_idx FROM pairs)
    JOIN (SELECT * FROM names_now WHERE payee_name <> '') USING (name_idx)
    JOIN (SELECT * FROM suppliers_now WHERE supplier_key <> '') USING (supplier_idx)
)
SELECT pairs.payment_id, pairs.receipt_id, pairs.amount_pence, pairs.total_pence - pairs.amount_pence AS difference_pence,
    datediff('day', pairs.paid_on, pairs.dated_on) AS receipt_days,
    datediff('day', pairs.paid_on, pairs.received_on) AS received_days,
    likeness.likeness_share
FROM pairs LEFT JOIN likeness USING (name_idx, supplier_idx)
