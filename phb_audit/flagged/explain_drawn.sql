-- one row: the purchase to be read with a reference or an id, and whether somebody has decided on it
SELECT case_id, case_ref, holder_id, payment_id, decision_code IS NOT NULL AS is_decided
FROM drawn.cases
WHERE case_ref = upper($ref) OR case_id = $ref
