-- one row per case in the queue: how it is proposed to be settled, the day it was first there, and whether nothing else tells of its payment
SELECT case_id, outcome_code, severity, priority_code, rank_score, rank, first_flagged_on, is_commissioners, payment_id, rule_ids,
       payment_id NOT IN (
           SELECT payment_id FROM flagged.findings WHERE payment_id IS NOT NULL GROUP BY payment_id HAVING count(DISTINCT case_id) > 1
       ) AND case_ref NOT IN (SELECT unnest(string_split(case_refs, '|')) FROM flagged.stories) AS is_told_once
FROM flagged.cases WHERE is_queued ORDER BY rank, case_id
