-- one row per case a person has done something with
SELECT case_id, state_code, is_queued, decision_code, decided_by, decided_at, coalesce(due_on, wake_on) AS due_on FROM decided.cases ORDER BY case_id
