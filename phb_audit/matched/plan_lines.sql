-- one row per line of a version of the holders in holders_now, once for each night that said it
SELECT plan_line_id, plan_version_id, outcome_id, category_code, description, amount_pence, frequency_code, annual_pence, starts_on, ends_on,
    is_preapproved, most_at_once_pence, supplier_name, run_id, line_number
FROM validated.plan_lines JOIN holders_now USING (holder_id)
