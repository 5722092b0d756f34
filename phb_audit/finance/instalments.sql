-- one row per payment by the commissioner into a budget up to $last_on; offsets are no payment
SELECT holder_id, paid_on, amount_pence, coalesce(kind_code, 'not_told') AS kind_code, instalment_id
FROM validated.instalments
WHERE paid_on <= $last_on AND kind_code IS DISTINCT FROM 'recovery offset'
ORDER BY instalment_id
