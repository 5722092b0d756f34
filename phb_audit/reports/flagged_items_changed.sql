-- one row per time a decision on a case was taken back, the newest first, without the cases that are kept apart
SELECT d.event_number, d.case_id, d.case_ref, d.holder_id, coalesce(c.headline, s.headline, 'An item that was decided') AS headline,
       coalesce(c.state_code, s.state_code) AS state_code, d.was_code, d.was_by, d.was_at, d.changed_code, d.changed_by, d.changed_at, d.reason,
       d.then_code, d.then_by, d.then_at
FROM decided.changed d
JOIN decided.cases s USING (case_id)
LEFT JOIN flagged.cases c USING (case_id)
WHERE NOT coalesce(c.is_restricted, false)
  AND NOT EXISTS (SELECT 1 FROM flagged.findings f WHERE f.case_id = d.case_id AND (f.is_restricted OR f.is_safeguarding))
ORDER BY d.event_number DESC
