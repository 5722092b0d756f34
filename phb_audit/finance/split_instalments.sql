-- one row per payment into a budget up to $last_on of a holder any of whose payments are split between health and council
SELECT holder_id, paid_on, amount_pence, health_pence, council_pence
FROM validated.instalments
WHERE paid_on <= $last_on AND kind_code IS DISTINCT FROM 'recovery offset'
    AND holder_id IN (SELECT holder_id FROM validated.instalments WHERE council_pence IS NOT NULL AND paid_on <= $last_on)
ORDER BY instalment_id
