-- one row: the case, or purchase to be read, with a reference or an id; a case that is first read without its reasons is such a purchase
SELECT case_id, case_ref, holder_id, run_id, severity, headline, first_flagged_on, is_commissioners FROM (
    SELECT * FROM drawn.cases
    UNION ALL BY NAME
    SELECT * FROM flagged.cases ANTI JOIN drawn.cases USING (case_id)
)
WHERE case_ref = upper($ref) OR case_id = $ref
