-- one row per set of things that would clear a case of the night, but for a case that is first read without its reasons
CREATE VIEW flagged.clearings AS
SELECT * FROM night.flagged.clearings WHERE case_id NOT IN (SELECT case_id FROM night.drawn.cases)
