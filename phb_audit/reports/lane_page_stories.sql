-- one row per story told in a lane, those with most signs first
SELECT * FROM apart.stories WHERE lane_code = $lane ORDER BY core_count DESC, signs_count DESC, story_id
