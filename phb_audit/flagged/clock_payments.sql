-- One row per payment without a receipt whose due day may have passed since the night before.
SELECT *, NULL::VARCHAR AS reference, NULL::DATE AS billed_on FROM matched.payments WHERE receipt_id IS NULL AND kind_code = 'purchase' AND paid_on BETWEEN $from_on AND $to_on
