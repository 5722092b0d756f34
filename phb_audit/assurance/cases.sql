-- one row per case of any lane, ranked over all lanes
WITH every AS (SELECT * FROM flagged.cases UNION ALL BY NAME SELECT * EXCLUDE (lane_code) FROM apart.cases)
SELECT case_id, holder_id, outcome_code, is_commissioners, row_number() OVER (ORDER BY rank_score DESC, at_stake_pence DESC, case_id) AS rank
FROM every
ORDER BY case_id
