-- One row per version of a care plan, of the holders asked for.
SELECT * FROM validated.plans SEMI JOIN batch USING (holder_id) ORDER BY plan_version_id
