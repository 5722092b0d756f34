-- one row per case
SELECT case_id, holder_id, outcome_code, is_commissioners, rank FROM flagged.cases ORDER BY case_id
