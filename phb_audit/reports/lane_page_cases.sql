-- one row per case of a lane, in its order, with the ordinary cases of the same payments
SELECT c.*, coalesce((
    SELECT string_agg(DISTINCT o.case_ref, ', ' ORDER BY o.case_ref)
    FROM apart.findings f
    JOIN flagged.findings beside ON beside.payment_id = f.payment_id
    JOIN flagged.cases o ON o.case_id = beside.case_id
    WHERE f.case_id = c.case_id
), '') AS beside_refs
FROM apart.cases c
WHERE c.lane_code = $lane
ORDER BY c.rank, c.case_id
