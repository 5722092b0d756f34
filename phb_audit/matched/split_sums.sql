-- one row per payment and two or three receipts of a like supplier that come to its amount; of what is beside nothing yet
WITH near AS (
    SELECT paid.payment_id, paid.amount_pence, receipt.receipt_id, receipt.total_pence, receipt.supplier_key
    FROM loose_payments AS paid
    JOIN loose_receipts AS receipt ON receipt.holder_idx = paid.holder_idx AND receipt.total_pence < paid.amount_pence
    WHERE datediff('day', paid.paid_on, receipt.dated_on) BETWEEN $earliest_days AND $latest_days AND receipt.supplier_key <> '' AND paid.payee_name <> ''
      AND (starts_with(receipt.supplier_key, paid.payee_name) OR starts_with(paid.payee_name, receipt.supplier_key)
        OR jaro_winkler_similarity(paid.payee_name, receipt.supplier_key) >= $like_share)
),
twos AS (
    SELECT a.payment_id, a.amount_pence, a.receipt_id AS first_id, b.receipt_id AS second_id, a.total_pence + b.total_pence AS sum_pence, a.supplier_key
    FROM near AS a JOIN near AS b ON b.payment_id = a.payment_id AND b.supplier_key = a.supplier_key AND b.receipt_id > a.receipt_id
)
SELECT payment_id, [first_id, second_id] AS part_ids FROM twos WHERE sum_pence = amount_pence
UNION ALL
SELECT twos.payment_id, [first_id, second_id, c.receipt_id]
FROM twos JOIN near AS c ON c.payment_id = twos.payment_id AND c.supplier_key = twos.supplier_key AND c.receipt_id > second_id
WHERE sum_pence + c.total_pence = twos.amount_pence
