-- One row per case, ranked among those in the queue: the highest score first, then the most money, then a stable order. 0 for the others.
UPDATE flagged.cases SET rank = ranked.place
FROM (
    SELECT case_id,
           CASE WHEN is_queued THEN row_number() OVER (PARTITION BY is_queued ORDER BY rank_score DESC, at_stake_pence DESC, case_id) ELSE 0 END AS place
    FROM flagged.cases
) ranked
WHERE flagged.cases.case_id = ranked.case_id AND flagged.cases.rank <> ranked.place
