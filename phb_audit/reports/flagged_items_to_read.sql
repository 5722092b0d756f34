-- one row per purchase to be read that waits, drawn by chance or with its reasons kept back: nothing tells which
SELECT case_id, case_ref, holder_shown, headline, subject_on, first_flagged_on
FROM drawn.cases
WHERE is_queued
ORDER BY case_ref
