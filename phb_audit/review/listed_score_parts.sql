-- one row per part of the score of a case of the night, but for a case that is first read without its reasons
CREATE VIEW flagged.score_parts AS
SELECT * FROM night.flagged.score_parts WHERE case_id NOT IN (SELECT case_id FROM night.drawn.cases)
