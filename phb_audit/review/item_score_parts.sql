-- one row per part of the score of each case in shown_cases, where every item starts first and then the weightiest, with the title of a rule's flag
SELECT s.case_id, s.part_name, s.value_share, s.part, coalesce(min(f.title), '') AS title
FROM flagged.score_parts s
SEMI JOIN shown_cases USING (case_id)
LEFT JOIN flagged.findings f ON f.case_id = s.case_id AND f.rule_id = s.part_name
GROUP BY s.case_id, s.part_name, s.value_share, s.part
ORDER BY s.case_id, s.part_name <> 'usual', s.part DESC, s.part_name
