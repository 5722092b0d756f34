-- one row per feed of $feeds and day that its landed rows speak of, as text
WITH days AS (
    SELECT feed_code, paid_on_text AS day_text FROM landed.payments WHERE list_contains($feeds, feed_code)
    UNION ALL
    SELECT 'payroll', coalesce(paid_on_text, period_to_text) FROM landed.payroll WHERE list_contains($feeds, 'payroll')
    UNION ALL
    SELECT 'receipts', coalesce(received_on_text, dated_on_text) FROM landed.receipts WHERE list_contains($feeds, 'receipts')
    UNION ALL
    SELECT 'instalments', paid_on_text FROM landed.instalments WHERE list_contains($feeds, 'instalments')
    UNION ALL
    SELECT 'holder_events', from_on_text FROM landed.holder_events WHERE list_contains($feeds, 'holder_events')
    UNION ALL
    SELECT 'support_records', coalesce(seen_on_text, valid_from_on_text) FROM landed.support_records WHERE list_contains($feeds, 'support_records')
    UNION ALL
    SELECT 'visits', visited_on_text FROM landed.visits WHERE list_contains($feeds, 'visits')
    UNION ALL
    SELECT 'monitoring_returns', coalesce(received_on_text, period_to_text) FROM landed.monitoring_returns
    WHERE list_contains($feeds, 'monitoring_returns')
    UNION ALL
    SELECT 'contracts', coalesce(paid_to_on_text, starts_on_text) FROM landed.contracts WHERE list_contains($feeds, 'contracts')
    UNION ALL
    SELECT 'council_claims', coalesce(claimed_on_text, dated_on_text) FROM landed.council_claims WHERE list_contains($feeds, 'council_claims')
    UNION ALL
    SELECT 'outcome_records', to_on_text FROM landed.outcome_records WHERE list_contains($feeds, 'outcome_records')
    UNION ALL
    SELECT 'plans', effective_from_text FROM landed.plans WHERE list_contains($feeds, 'plans')
)
SELECT DISTINCT feed_code, CASE WHEN day_text LIKE '____-__-__%' THEN left(day_text, 10) ELSE day_text END AS day_text
FROM days
WHERE day_text IS NOT NULL
