-- One row per story of a holder, of the lanes in sees.
SELECT *, 'ordinary' AS lane_code FROM flagged.stories WHERE holder_id = $holder_id
UNION ALL BY NAME
SELECT * FROM apart.stories SEMI JOIN sees USING (lane_code) WHERE holder_id = $holder_id
ORDER BY story_code, story_id
