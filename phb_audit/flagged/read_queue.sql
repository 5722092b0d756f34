-- One row per case in the queue.
SELECT case_id, severity, outcome_code, at_stake_pence, holder_id FROM flagged.cases WHERE is_queued ORDER BY case_id
