-- One row per pay slip, of the holders asked for.
SELECT * FROM validated.pay_slips SEMI JOIN batch USING (holder_id)
