-- one row per case of purchases to be read, as the night before left it
SELECT case_id, severity, priority_code, rank_score FROM drawn.cases ORDER BY case_id
