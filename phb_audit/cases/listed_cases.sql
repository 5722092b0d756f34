-- one row per case that no flag keeps apart, or purchase to be read, the queue first
WITH every AS (
    SELECT * FROM drawn.cases
    UNION ALL BY NAME
    SELECT * FROM flagged.cases ANTI JOIN drawn.cases USING (case_id)
)
SELECT c.case_id, c.holder_id, c.case_ref, c.headline, c.holder_shown, c.at_stake_pence, c.priority_code, c.state_code, c.is_queued,
       CASE WHEN is_queued THEN row_number() OVER (PARTITION BY is_queued ORDER BY rank_score DESC, at_stake_pence DESC, case_id) ELSE 0 END AS rank,
       c.decided_by, c.decided_at, c.due_on, c.news
FROM every c
WHERE NOT c.is_restricted
  AND c.case_id NOT IN (SELECT case_id FROM flagged.findings WHERE is_restricted OR is_safeguarding)
ORDER BY c.is_queued DESC, rank, c.case_ref
