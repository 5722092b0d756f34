-- One row per case, in the queue or decided, and spend line that one of its flags is about.
SELECT DISTINCT c.case_id, c.is_queued, f.payment_id
FROM flagged.cases c JOIN flagged.findings f USING (case_id)
JOIN detected.histories h ON h.payment_id = f.payment_id
WHERE c.is_queued OR c.case_id IN (SELECT case_id FROM decided.judgements)
ORDER BY ALL
