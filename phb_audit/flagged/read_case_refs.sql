-- One row per case: its short reference.
SELECT case_id, case_ref FROM flagged.cases ORDER BY case_id
