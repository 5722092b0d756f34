-- one row: the case at the head of the queue that ordinary reports may show
SELECT case_ref
FROM flagged.cases
WHERE is_queued AND NOT is_restricted AND payment_id IS NOT NULL
ORDER BY rank
LIMIT 1
