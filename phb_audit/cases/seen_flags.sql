-- one row per case in shown_cases and flag of it, or purchase to be read in its place, with the receipt beside its payment,
-- the file that was read from, and the plan version in force
WITH listed AS (
    SELECT * FROM drawn.findings
    UNION ALL BY NAME
    SELECT * FROM flagged.findings ANTI JOIN drawn.cases USING (case_id)
)
SELECT f.case_id, f.flag_id, f.rule_id, f.rule_version, f.title, f.sentence, f.plan_words, f.measured, f.subject_id, f.payment_id, f.at_stake_pence, f.family_code,
    p.receipt_id, r.file_id, r.image_hash, p.plan_version_id
FROM listed f
SEMI JOIN shown_cases USING (case_id)
LEFT JOIN shown.payments p USING (payment_id)
LEFT JOIN shown.receipts r USING (receipt_id)
ORDER BY f.case_id, f.flag_id
