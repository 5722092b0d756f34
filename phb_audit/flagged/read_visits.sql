-- One row per shift or visit of the holders asked for, from a day on.
SELECT * FROM validated.visits SEMI JOIN batch USING (holder_id) WHERE visited_on >= $from_on ORDER BY visit_id
