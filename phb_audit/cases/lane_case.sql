-- one row: the case of a lane with a reference or an id
SELECT case_id, case_ref, holder_id, run_id, severity FROM apart.cases
WHERE lane_code = $lane AND (case_ref = upper($ref) OR case_id = $ref)
