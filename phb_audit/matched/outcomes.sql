-- one row per outcome of a version of the holders in holders_now, once for each night that said it
SELECT outcome_id, plan_version_id, holder_id, outcome_text, goal_type, run_id, line_number
FROM validated.plan_outcomes JOIN holders_now USING (holder_id)
