-- one row per payment that a flag, a purchase to be read or an agreed item is about, and whether a case about it alone is not over
WITH open_cases AS (
    SELECT payment_id FROM flagged.cases WHERE state_code NOT IN ('agreed', 'not_agreed', 'referred') OR is_queued
    UNION
    SELECT payment_id FROM drawn.cases WHERE is_queued
), every AS (
    SELECT payment_id FROM flagged.findings
    UNION
    SELECT payment_id FROM flagged.cases
    UNION
    SELECT payment_id FROM flagged.suppressed
    UNION
    SELECT payment_id FROM drawn.cases
)
SELECT p.payment_id, p.amount_pence, p.payment_id IN (SELECT payment_id FROM open_cases WHERE payment_id IS NOT NULL) AS is_of_open_case
FROM matched.payments p
SEMI JOIN every USING (payment_id)
ORDER BY p.payment_id
