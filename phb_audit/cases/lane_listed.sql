-- one row per case of a lane, in its order
SELECT case_id, case_ref, headline, holder_shown, at_stake_pence, priority_code, rank
FROM apart.cases
WHERE lane_code = $lane
ORDER BY rank, case_ref
