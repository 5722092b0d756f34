-- one row per open question of the newest night about papers of one holder, in the words of its rule
SELECT rule_id, title, sentence, ask, at_stake_pence, subject_on
FROM flagged.findings
WHERE holder_id = $holder_id AND run_id = $run_id AND family_code = 'A3' AND outcome_code = 'query'
    AND NOT is_commissioners AND NOT is_restricted AND NOT is_safeguarding AND case_id NOT IN (SELECT case_id FROM drawn.cases)
ORDER BY title, subject_on, flag_id
