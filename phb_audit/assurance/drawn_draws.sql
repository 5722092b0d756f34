-- one row per draw, with whether a flag has found its purchase since
SELECT d.*, d.payment_id IN (
    SELECT payment_id FROM flagged.findings WHERE payment_id IS NOT NULL UNION SELECT payment_id FROM flagged.cleared WHERE payment_id IS NOT NULL
) AS is_flagged_since
FROM drawn.draws d
ORDER BY d.run_id, d.draw_number
