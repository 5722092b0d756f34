-- One row per case of any lane: its short reference.
SELECT case_id, case_ref FROM flagged.cases UNION ALL SELECT case_id, case_ref FROM apart.cases ORDER BY case_id
