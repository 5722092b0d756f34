-- one row per flag about our own side that stands for a holder, but for those about files
SELECT flag_id, rule_id, title, sentence FROM flagged.findings
WHERE holder_id = $holder_id AND is_commissioners AND family_code <> 'A8' AND case_id NOT IN (SELECT case_id FROM drawn.cases)
ORDER BY severity DESC, rule_id, flag_id
