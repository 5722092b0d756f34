-- One row: the first day looked at; null where nobody was touched.
SELECT min(from_on)::DATE AS first_on FROM looked_at
