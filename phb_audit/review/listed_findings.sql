-- one row per flag of the night, or purchase to be read; the latter in place of the flags of a case that is first read without them
CREATE VIEW flagged.findings AS
SELECT * FROM night.flagged.findings WHERE case_id NOT IN (SELECT case_id FROM night.drawn.cases)
UNION ALL BY NAME
SELECT * FROM night.drawn.findings
