-- one row per pay slip of the holders in holders_now
SELECT holder_id, period_to_on, tax_pence, employee_ni_pence, employer_ni_pence, net_pence, paid_on, hmrc_paid_on
FROM validated.pay_slips JOIN holders_now USING (holder_id)
