-- one row per flag of a case of a lane, with the receipt beside its payment, the file that was read from, and the plan version in force
SELECT f.flag_id, f.rule_id, f.rule_version, f.title, f.sentence, f.plan_words, f.measured, f.subject_id, f.payment_id, f.at_stake_pence, f.family_code,
    p.receipt_id, r.file_id, r.image_hash, p.plan_version_id
FROM apart.findings f
LEFT JOIN matched.payments p USING (payment_id)
LEFT JOIN validated.receipts r USING (receipt_id)
WHERE f.case_id = $case_id AND f.lane_code = $lane
ORDER BY f.flag_id
