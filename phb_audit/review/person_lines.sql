-- one row per line of the holder's newest plan
WITH newest AS (
    SELECT plan_version_id FROM validated.plans WHERE holder_id = $holder_id
    ORDER BY effective_from_on DESC NULLS LAST, version DESC, plan_version_id LIMIT 1
)
SELECT description, amount_pence, frequency_code, annual_pence, starts_on, ends_on, is_preapproved
FROM validated.plan_lines WHERE plan_version_id IN (SELECT plan_version_id FROM newest)
ORDER BY line_ref, plan_line_id
