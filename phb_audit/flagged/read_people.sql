-- One row per person connected with a holder's budget, of the holders asked for.
SELECT * FROM validated.people SEMI JOIN batch USING (holder_id) ORDER BY connection_id
