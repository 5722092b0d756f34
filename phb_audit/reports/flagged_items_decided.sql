-- one row per case that people moved out of the queue, with whether any of its flags is kept apart
SELECT c.case_id, c.case_ref, c.holder_id, c.holder_shown, c.headline, c.state_code, c.decision_code, c.decided_by, c.decided_at, c.due_on, c.news, d.reason,
       d.checked_by,
       c.is_restricted OR EXISTS (
           SELECT 1 FROM flagged.findings f WHERE f.case_id = c.case_id AND (f.is_restricted OR f.is_safeguarding)
       ) AS is_kept_apart
FROM flagged.cases c
JOIN decided.cases d USING (case_id)
WHERE NOT c.is_queued
ORDER BY c.decided_at DESC, c.case_id
