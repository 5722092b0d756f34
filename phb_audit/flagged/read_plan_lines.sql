-- One row per line of a version of a plan, of the holders asked for.
SELECT * FROM validated.plan_lines SEMI JOIN batch USING (holder_id) ORDER BY plan_line_id
