-- One row per pay slip, of the holders asked for; the columns rules use.
SELECT pay_slip_id, holder_id, employee_id, person_ref, payee_ref, left_on, period_from_on, period_to_on, hours_count, net_pence, paid_on, hours_kind_code
FROM validated.pay_slips SEMI JOIN batch USING (holder_id)
