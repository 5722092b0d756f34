-- One row per open case, ranked: the highest score first, then the most money, then a stable order.
UPDATE flagged.cases SET rank = ranked.place
FROM (SELECT case_id, row_number() OVER (ORDER BY rank_score DESC, at_stake_pence DESC, case_id) AS place FROM flagged.cases) ranked
WHERE flagged.cases.case_id = ranked.case_id AND flagged.cases.rank <> ranked.place
