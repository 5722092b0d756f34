-- one row per outcome of the newest plan of each holder in shown_holders
WITH newest AS (
    SELECT p.holder_id, p.plan_version_id FROM validated.plans p SEMI JOIN shown_holders USING (holder_id)
    QUALIFY row_number() OVER (PARTITION BY p.holder_id ORDER BY p.effective_from_on DESC NULLS LAST, p.version DESC, p.plan_version_id) = 1
)
SELECT newest.holder_id, o.outcome_text
FROM validated.plan_outcomes o JOIN newest USING (plan_version_id)
WHERE trim(o.outcome_text) <> ''
ORDER BY newest.holder_id, o.outcome_ref, o.outcome_id
