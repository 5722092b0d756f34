-- One row per flag of the cases in the queue.
SELECT case_id, rule_id, severity FROM flagged.findings
WHERE case_id IN (SELECT case_id FROM flagged.cases WHERE is_queued)
ORDER BY case_id, rule_id, flag_id
