-- one row per story told of the holder tonight
SELECT story_code, title, sentence, innocent, ask, ask_whom, case_refs FROM flagged.stories WHERE holder_id = $holder_id ORDER BY story_code
