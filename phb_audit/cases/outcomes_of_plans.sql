-- one row per holder and wording of an outcome, in any version of the holder's plans
SELECT holder_id, outcome_text, max(goal_type) AS goal_type
FROM validated.plan_outcomes
WHERE trim(outcome_text) <> ''
GROUP BY holder_id, outcome_text
ORDER BY holder_id, outcome_text
