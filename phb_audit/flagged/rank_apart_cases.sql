-- One row per open case of another lane, ranked within its lane as ordinary cases are.
UPDATE apart.cases SET rank = ranked.place
FROM (
    SELECT case_id, row_number() OVER (PARTITION BY lane_code ORDER BY rank_score DESC, at_stake_pence DESC, case_id) AS place FROM apart.cases
) ranked
WHERE apart.cases.case_id = ranked.case_id AND apart.cases.rank <> ranked.place
