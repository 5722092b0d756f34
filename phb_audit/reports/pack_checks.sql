-- one row: cases not agreed or referred that no second person checked, or the same person
SELECT count(*) AS breaches_count
FROM decided.cases
WHERE state_code IN ('not_agreed', 'referred')
  AND (checked_by IS NULL OR lower(trim(checked_by)) = lower(trim(decided_by)))
