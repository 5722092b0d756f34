-- One row per case in the queue: its worth for a minute of reading in place of the score it started with.
UPDATE flagged.cases SET rank_score = worth.rank_score FROM worth WHERE flagged.cases.case_id = worth.case_id
