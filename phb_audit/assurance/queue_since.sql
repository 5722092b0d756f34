-- one row per case in the queue: how it is proposed to be settled, and the day it was first there
SELECT case_id, outcome_code, severity, priority_code, rank_score, rank, first_flagged_on, is_commissioners, payment_id, rule_ids
FROM flagged.cases WHERE is_queued ORDER BY rank, case_id
