-- One row per case in the queue, with the day it is about.
SELECT case_id, holder_id, severity, outcome_code, at_stake_pence, subject_on FROM flagged.cases WHERE is_queued ORDER BY case_id
