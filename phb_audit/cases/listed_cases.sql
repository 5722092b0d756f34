-- one row per case that no flag keeps apart, the queue first
SELECT c.case_ref, c.headline, c.holder_shown, c.at_stake_pence, c.priority_code, c.state_code, c.is_queued, c.rank, c.decided_by, c.decided_at,
       c.due_on, c.news
FROM flagged.cases c
WHERE NOT c.is_restricted
  AND c.case_id NOT IN (SELECT case_id FROM flagged.findings WHERE is_restricted OR is_safeguarding)
ORDER BY c.is_queued DESC, c.rank, c.case_ref
