-- One row per flag that stood before tonight (also those an earlier try of tonight cleared), of the holders looked at tonight.
SELECT flag_id, rule_id, rule_version, holder_id, payment_id, subject_code, subject_on, first_run_id, first_flagged_on, sentence,
    is_restricted OR is_safeguarding AS is_restricted
FROM flagged.findings SEMI JOIN tonight USING (holder_id) WHERE first_run_id <> $run_id
UNION ALL
SELECT flag_id, rule_id, NULL AS rule_version, holder_id, payment_id, '' AS subject_code, NULL AS subject_on, first_run_id, first_flagged_on, sentence, is_restricted
FROM flagged.cleared SEMI JOIN tonight USING (holder_id) WHERE run_id = $run_id
ORDER BY flag_id
