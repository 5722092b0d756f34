-- one row per case of any kind: its short reference
SELECT case_id, case_ref FROM flagged.cases
UNION SELECT case_id, case_ref FROM apart.cases
UNION SELECT case_id, case_ref FROM drawn.cases
ORDER BY case_id
