-- one row: the purchase to be read that a reference or id names, by its case, payment, receipt or flag, and whether somebody has decided on it
SELECT case_id, case_ref, holder_id, payment_id, decision_code IS NOT NULL AS is_decided,
    case_ref = upper($ref) OR case_id = $ref AS is_its_own
FROM drawn.cases
WHERE case_ref = upper($ref) OR case_id = $ref OR payment_id = $ref
    OR payment_id IN (SELECT payment_id FROM matched.receipt_links WHERE receipt_id = $ref)
    OR case_id IN (
        SELECT case_id FROM flagged.findings WHERE flag_id = $ref
        UNION
        SELECT case_id FROM drawn.findings WHERE flag_id = $ref
    )
ORDER BY decision_code IS NOT NULL, case_ref
