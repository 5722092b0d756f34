-- one row per case that people moved out of the queue, with whether any of its flags is kept apart, and what overtook one no flag is left of
WITH seen AS (
    SELECT case_id, regexp_replace(unnest(string_split(flags_seen, '|')), ':-?[0-9]+$', '') AS flag_id FROM decided.cases
), gone AS (
    SELECT s.case_id, max(g.cleared_on) AS gone_on, arg_max(g.because, (g.cleared_on, g.flag_id)) AS because
    FROM seen s
    JOIN flagged.cleared g USING (flag_id)
    WHERE NOT coalesce(g.is_restricted, true)
    GROUP BY s.case_id
)
SELECT d.case_id, d.case_ref, d.holder_id, coalesce(c.headline, d.headline, 'An item that was decided') AS headline,
       coalesce(c.state_code, d.state_code) AS state_code, coalesce(c.decision_code, d.decision_code) AS decision_code, d.decided_by, d.decided_at,
       c.outcome_code, c.due_on, c.news, d.reason, d.checked_by,
       c.case_id IS NULL AS is_overtaken, gone.gone_on, gone.because,
       coalesce(c.is_restricted, false) OR EXISTS (
           SELECT 1 FROM flagged.findings f WHERE f.case_id = d.case_id AND (f.is_restricted OR f.is_safeguarding)
       ) AS is_kept_apart
FROM decided.cases d
LEFT JOIN flagged.cases c USING (case_id)
LEFT JOIN gone USING (case_id)
WHERE NOT coalesce(c.is_queued, d.is_queued)
  AND (d.rule_ids IS NOT NULL OR c.case_id IS NOT NULL) -- else a purchase that was to be read
ORDER BY d.decided_at DESC, d.case_id
