-- one row: cases not agreed or referred, and those of them that no second person checked, or the same person
SELECT count(*) FILTER (checked_by IS NULL OR lower(trim(checked_by)) = lower(trim(decided_by))) AS breaches_count, count(*) AS cases_count
FROM decided.cases
WHERE state_code IN ('not_agreed', 'referred')
