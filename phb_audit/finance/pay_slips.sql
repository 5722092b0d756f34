-- one row per pay slip paid from $first_on to $last_on; the day it was paid, or the last day it is for
SELECT pay_slip_id, holder_id, gross_pence, tax_pence, employee_ni_pence, employer_ni_pence, pension_pence, net_pence
FROM validated.pay_slips
WHERE coalesce(paid_on, period_to_on) BETWEEN $first_on AND $last_on
ORDER BY pay_slip_id
