-- One row per flag of the cases in the queue.
SELECT case_id, rule_id, severity FROM flagged.findings SEMI JOIN (SELECT case_id FROM flagged.cases WHERE is_queued) USING (case_id)
ORDER BY case_id, rule_id, flag_id
