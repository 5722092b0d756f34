-- One row per payment by the commissioner into a budget, of the holders asked for.
SELECT * FROM validated.instalments SEMI JOIN batch USING (holder_id) ORDER BY instalment_id
