-- One row per case a person has done something with, as it stands tonight.
UPDATE flagged.cases SET state_code = now.state_code, is_queued = now.is_queued, decision_code = now.decision_code, decided_by = now.decided_by,
    decided_at = now.decided_at, due_on = now.due_on, news = now.news
FROM standing_now now WHERE flagged.cases.case_id = now.case_id
