-- one row: the case in the queue with a reference or an id
SELECT case_id, case_ref, rank FROM flagged.cases WHERE is_queued AND (case_ref = upper($ref) OR case_id = $ref)
