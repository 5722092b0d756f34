-- one row per flag of a case in the queue, with what the totals need of it
SELECT flag_id, case_id, rule_id, rule_version, first_run_id, holder_id, payment_id, at_stake_pence, title, is_commissioners, family_code,
       is_restricted, is_safeguarding
FROM flagged.findings
WHERE case_id IN (SELECT case_id FROM flagged.cases WHERE is_queued)
ORDER BY flag_id
