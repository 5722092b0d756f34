-- One row per flag that stood before tonight (also those an earlier try of tonight cleared), of the rules in asking and the holders asked for.
SELECT flag_id, rule_id, holder_id, payment_id, first_flagged_on
FROM flagged.findings SEMI JOIN batch USING (holder_id) SEMI JOIN asking USING (rule_id)
WHERE first_run_id <> $run_id
UNION
SELECT flag_id, rule_id, holder_id, payment_id, first_flagged_on
FROM flagged.cleared SEMI JOIN batch USING (holder_id) SEMI JOIN asking USING (rule_id)
WHERE run_id = $run_id AND first_flagged_on IS NOT NULL
ORDER BY flag_id
