-- one row per story that ordinary flags bear out, those with most signs first
SELECT * FROM flagged.stories ORDER BY core_count DESC, signs_count DESC, at_stake_pence DESC, story_id
