-- One row per paper behind paid help, of the holders asked for.
SELECT * FROM validated.support_records SEMI JOIN batch USING (holder_id) ORDER BY record_id
