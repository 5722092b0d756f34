-- one row per holder touched tonight: with any new row in a validated table, with the number of payments on file
WITH touched AS (
    SELECT holder_id FROM validated.payments WHERE run_id = $run_id
    UNION SELECT holder_id FROM validated.receipts WHERE run_id = $run_id
    UNION SELECT holder_id FROM validated.receipt_lines WHERE run_id = $run_id
    UNION SELECT holder_id FROM validated.pay_slips WHERE run_id = $run_id
    UNION SELECT holder_id FROM validated.budgets WHERE run_id = $run_id
    UNION SELECT holder_id FROM validated.instalments WHERE run_id = $run_id
    UNION SELECT holder_id FROM validated.plans WHERE run_id = $run_id
    UNION SELECT holder_id FROM validated.plan_outcomes WHERE run_id = $run_id
    UNION SELECT holder_id FROM validated.plan_lines WHERE run_id = $run_id
    UNION SELECT holder_id FROM validated.people WHERE run_id = $run_id
    UNION SELECT holder_id FROM validated.holder_events WHERE run_id = $run_id
)
SELECT touched.holder_id, count(payments.payment_id) AS payments_count, coalesce(sum(payments.amount_pence), 0)::BIGINT AS sum_pence
FROM touched LEFT JOIN validated.payments AS payments ON payments.holder_id = touched.holder_id
GROUP BY touched.holder_id
ORDER BY touched.holder_id
