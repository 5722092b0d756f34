-- one row per rule or detector and group: the group's holders, and the flags, or cases it speaks for, about them
WITH held AS (
    SELECT DISTINCT holder_id, coalesce(care_group_code, 'not on file') AS group_code FROM matched.payments WHERE is_spend
),
found AS (
    SELECT holder_id, rule_id AS part_name, count(*) AS flags FROM flagged.findings GROUP BY holder_id, rule_id
    UNION ALL SELECT holder_id, detector_id, count(*) FROM detected.scores JOIN flagged.cases USING (case_id) GROUP BY holder_id, detector_id
)
SELECT parts.part_name, h.group_code, count(*) AS holders_count, coalesce(sum(f.flags), 0)::BIGINT AS flags_count
FROM (SELECT DISTINCT part_name FROM found) parts
CROSS JOIN held h
LEFT JOIN found f ON f.holder_id = h.holder_id AND f.part_name = parts.part_name
GROUP BY parts.part_name, h.group_code
ORDER BY parts.part_name, h.group_code
