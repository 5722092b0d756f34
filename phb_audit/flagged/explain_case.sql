-- One row: the headline of a case.
SELECT headline FROM flagged.cases WHERE case_id = $case_id UNION ALL SELECT headline FROM apart.cases WHERE case_id = $case_id
