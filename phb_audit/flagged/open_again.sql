-- One row per case that stood otherwise, though no decision of tonight's casebook says so: open again.
UPDATE flagged.cases SET state_code = 'open', is_queued = true, decision_code = NULL, decided_by = NULL, decided_at = NULL, due_on = NULL, news = NULL
WHERE state_code <> 'open' AND case_id NOT IN (SELECT case_id FROM standing_now)
