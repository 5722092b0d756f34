-- one row per line of the newest plan of each holder in shown_holders
WITH newest AS (
    SELECT p.holder_id, p.plan_version_id FROM validated.plans p SEMI JOIN shown_holders USING (holder_id)
    QUALIFY row_number() OVER (PARTITION BY p.holder_id ORDER BY p.effective_from_on DESC NULLS LAST, p.version DESC, p.plan_version_id) = 1
)
SELECT newest.holder_id, l.description, l.amount_pence, l.frequency_code, l.annual_pence, l.starts_on, l.ends_on, l.is_preapproved
FROM validated.plan_lines l JOIN newest USING (plan_version_id)
ORDER BY newest.holder_id, l.line_ref, l.plan_line_id
