-- one row: cases that somebody checked, and those of them where that was whoever had proposed it
SELECT count(*) FILTER (lower(trim(checked_by)) = lower(trim(decided_by))) AS alone_count, count(*) AS checked_count
FROM decided.cases
WHERE checked_by IS NOT NULL
