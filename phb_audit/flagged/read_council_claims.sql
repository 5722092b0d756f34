-- One row per receipt that the council counts for one of the holders asked for.
SELECT * FROM validated.council_claims SEMI JOIN batch USING (holder_id) ORDER BY claim_id
