-- one row per version of a plan of the holders in holders_now, once for each night that said it
SELECT holder_idx, plan_version_id, holder_id, version, status_code, effective_from_on, effective_to_on, approved_on, run_id, line_number
FROM validated.plans JOIN holders_now USING (holder_id)
