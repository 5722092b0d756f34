-- one row per case of the night, or purchase to be read, ranked together; the latter in place of a case that is first read without its reasons
CREATE TABLE flagged.cases AS
WITH every AS (
    SELECT * FROM night.flagged.cases WHERE case_id NOT IN (SELECT case_id FROM night.drawn.cases)
    UNION ALL BY NAME
    SELECT * FROM night.drawn.cases
)
SELECT * REPLACE (
    CASE WHEN is_queued THEN row_number() OVER (PARTITION BY is_queued ORDER BY rank_score DESC, at_stake_pence DESC, case_id) ELSE 0 END AS rank
)
FROM every
