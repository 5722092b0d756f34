-- One row per flag that stood before tonight and asks somebody something (rules in asking), of the holders asked for; restricted ones left out.
SELECT flag_id, rule_id, holder_id, payment_id, first_flagged_on
FROM flagged.findings SEMI JOIN batch USING (holder_id) SEMI JOIN asking USING (rule_id)
WHERE first_run_id <> $run_id AND NOT is_restricted AND NOT is_safeguarding
UNION
SELECT flag_id, rule_id, holder_id, payment_id, first_flagged_on
FROM flagged.cleared SEMI JOIN batch USING (holder_id) SEMI JOIN asking USING (rule_id)
WHERE run_id = $run_id AND NOT coalesce(is_restricted, true) AND first_flagged_on IS NOT NULL
ORDER BY flag_id
