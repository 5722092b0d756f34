-- one row per outcome and goal domain a person confirmed: for an outcome of a holder in holders_now, or for its words whoever says them
SELECT outcome_key, domain_code
FROM decided.goal_tags
WHERE split_part(outcome_key, '/', 1) = $anybody OR split_part(outcome_key, '/', 1) IN (SELECT holder_id FROM holders_now)
ORDER BY outcome_key, domain_code
