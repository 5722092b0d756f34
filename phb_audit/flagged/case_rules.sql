-- One row per case in the queue and rule that found something in it.
SELECT DISTINCT case_id, rule_id FROM flagged.findings WHERE case_id IN (SELECT case_id FROM flagged.cases WHERE is_queued) ORDER BY ALL
