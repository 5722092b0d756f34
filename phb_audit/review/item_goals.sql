-- one row per outcome of the holder's newest plan
WITH newest AS (
    SELECT plan_version_id FROM validated.plans WHERE holder_id = $holder_id
    ORDER BY effective_from_on DESC NULLS LAST, version DESC, plan_version_id LIMIT 1
)
SELECT outcome_text FROM validated.plan_outcomes WHERE plan_version_id IN (SELECT plan_version_id FROM newest) AND trim(outcome_text) <> ''
ORDER BY outcome_ref, outcome_id
