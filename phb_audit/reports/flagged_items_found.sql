-- one row per flag that is still true, with what the totals need of it
SELECT flag_id, case_id, rule_id, rule_version, first_run_id, holder_id, payment_id, at_stake_pence, title, is_commissioners, family_code,
       is_restricted, is_safeguarding
FROM flagged.findings
ORDER BY flag_id
