-- one row per holder that gave money back, or had it set off, from $first_on to $last_on
SELECT holder_id, sum(pence)::BIGINT AS returned_pence
FROM (
    SELECT holder_id, amount_pence AS pence FROM validated.payments
    WHERE kind_code = 'repayment' AND paid_on BETWEEN $first_on AND $last_on
    UNION ALL
    SELECT holder_id, abs(amount_pence) FROM validated.instalments
    WHERE kind_code = 'recovery offset' AND paid_on BETWEEN $first_on AND $last_on
)
GROUP BY holder_id
ORDER BY holder_id
