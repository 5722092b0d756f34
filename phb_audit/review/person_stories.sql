-- one row per story told tonight of a holder in shown_holders
SELECT s.holder_id, s.story_code, s.title, s.sentence, s.innocent, s.ask, s.ask_whom, s.case_refs
FROM flagged.stories s SEMI JOIN shown_holders USING (holder_id)
ORDER BY s.holder_id, s.story_code
