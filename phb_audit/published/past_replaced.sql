-- one row per row of a register that had been replaced by that night, of the holder asked about (or of nobody)
SELECT * FROM validated.replaced WHERE run_id <= $last AND "row"->>'holder_id' = $holder_id
