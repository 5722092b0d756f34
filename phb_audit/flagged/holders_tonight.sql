-- One row per holder with a row admitted tonight in any validated table, or an exception agreed or ended since the night before.
SELECT DISTINCT holder_id FROM (
    SELECT holder_id FROM validated.payments WHERE run_id = $run_id
    UNION ALL SELECT holder_id FROM validated.receipts WHERE run_id = $run_id
    UNION ALL SELECT holder_id FROM validated.receipt_lines WHERE run_id = $run_id
    UNION ALL SELECT holder_id FROM validated.pay_slips WHERE run_id = $run_id
    UNION ALL SELECT holder_id FROM validated.budgets WHERE run_id = $run_id
    UNION ALL SELECT holder_id FROM validated.instalments WHERE run_id = $run_id
    UNION ALL SELECT holder_id FROM validated.plans WHERE run_id = $run_id
    UNION ALL SELECT holder_id FROM validated.plan_outcomes WHERE run_id = $run_id
    UNION ALL SELECT holder_id FROM validated.plan_lines WHERE run_id = $run_id
    UNION ALL SELECT holder_id FROM validated.people WHERE run_id = $run_id
    UNION ALL SELECT holder_id FROM validated.holder_events WHERE run_id = $run_id
    UNION ALL SELECT holder_id FROM validated.support_records WHERE run_id = $run_id
    UNION ALL SELECT holder_id FROM validated.visits WHERE run_id = $run_id
    UNION ALL SELECT holder_id FROM validated.monitoring_returns WHERE run_id = $run_id
    UNION ALL SELECT holder_id FROM validated.council_claims WHERE run_id = $run_id
    UNION ALL SELECT holder_id FROM matched.payments WHERE run_id = $run_id
    UNION ALL SELECT holder_id FROM decided.exceptions WHERE event_number > (
        SELECT coalesce(max(c.event_number), 0) FROM nights.carried c JOIN nights.runs r USING (run_id) WHERE r.as_of_on < $as_of
    )
) ORDER BY holder_id
