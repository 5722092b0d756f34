-- one row per flag of a case in the queue that is not read without its reasons, with what the totals need of it; no more money than was paid
SELECT f.flag_id, f.case_id, f.rule_id, f.rule_version, f.first_run_id, f.holder_id, f.payment_id, f.subject_id,
       least(f.at_stake_pence, abs(p.amount_pence)) AS at_stake_pence,
       f.title, f.is_commissioners, f.family_code, f.is_restricted, f.is_safeguarding,
       coalesce(p.is_spend, false) AND NOT f.is_commissioners AND f.outcome_code <> 'information' AS asks_about_payment
FROM flagged.findings f
LEFT JOIN matched.payments p ON p.payment_id = f.payment_id
WHERE f.case_id IN (SELECT case_id FROM flagged.cases WHERE is_queued AND case_id NOT IN (SELECT case_id FROM drawn.cases))
ORDER BY f.flag_id
