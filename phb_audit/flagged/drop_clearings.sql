-- What tonight worked out already, and what was worked out for cases that are gone.
DELETE FROM flagged.clearings WHERE run_id = $run_id OR case_id NOT IN (SELECT case_id FROM flagged.cases)
