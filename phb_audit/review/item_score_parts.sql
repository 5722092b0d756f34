-- one row per part of a case's score, where every item starts first and then the weightiest, with the title of a rule's flag
SELECT s.part_name, s.value_share, s.part, coalesce(min(f.title), '') AS title
FROM flagged.score_parts s
LEFT JOIN flagged.findings f ON f.case_id = s.case_id AND f.rule_id = s.part_name
WHERE s.case_id = $case_id
GROUP BY s.part_name, s.value_share, s.part
ORDER BY s.part_name <> 'usual', s.part DESC, s.part_name
