-- One row per case and set that tonight worked out already, or whose case is gone: removed.
DELETE FROM flagged.clearings WHERE run_id = $run_id OR case_id NOT IN (SELECT case_id FROM flagged.cases)
