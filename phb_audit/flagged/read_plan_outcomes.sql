-- One row per outcome of a version of a plan, of the holders asked for.
SELECT * FROM validated.plan_outcomes SEMI JOIN batch USING (holder_id) ORDER BY outcome_id
