-- one row per case of the night, or purchase to be read
SELECT case_id FROM flagged.cases
UNION
SELECT case_id FROM drawn.cases
