-- one row per flag of the cases in shown_cases, with every word it carries
SELECT f.*
FROM flagged.findings f
JOIN shown_cases USING (case_id)
ORDER BY f.case_id, f.is_commissioners DESC, f.severity DESC, f.rule_id, f.flag_id
