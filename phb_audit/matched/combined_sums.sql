-- one row per receipt and two or three payments to a like payee that come to its total; of what is beside nothing yet
WITH near AS (
    SELECT receipt.receipt_id, receipt.total_pence, paid.payment_id, paid.amount_pence, paid.payee_name
    FROM loose_receipts AS receipt
    JOIN loose_payments AS paid ON paid.holder_idx = receipt.holder_idx AND paid.amount_pence < receipt.total_pence
    WHERE datediff('day', paid.paid_on, receipt.dated_on) BETWEEN -$far_days AND $close_days AND receipt.supplier_key <> '' AND paid.payee_name <> ''
      AND (starts_with(receipt.supplier_key, paid.payee_name) OR starts_with(paid.payee_name, receipt.supplier_key)
        OR jaro_winkler_similarity(paid.payee_name, receipt.supplier_key) >= $like_share)
),
twos AS (
    SELECT a.receipt_id, a.total_pence, a.payment_id AS first_id, b.payment_id AS second_id, a.amount_pence + b.amount_pence AS sum_pence, a.payee_name
    FROM near AS a JOIN near AS b ON b.receipt_id = a.receipt_id AND b.payee_name = a.payee_name AND b.payment_id > a.payment_id
)
SELECT receipt_id, [first_id, second_id] AS part_ids FROM twos WHERE sum_pence = total_pence
UNION ALL
SELECT twos.receipt_id, [first_id, second_id, c.payment_id]
FROM twos JOIN near AS c ON c.receipt_id = twos.receipt_id AND c.payee_name = twos.payee_name AND c.payment_id > second_id
WHERE sum_pence + c.amount_pence = twos.total_pence
