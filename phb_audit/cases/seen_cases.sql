-- one row: the case with a reference or an id
SELECT case_id, case_ref, holder_id, run_id, severity FROM flagged.cases WHERE case_ref = upper($ref) OR case_id = $ref
