-- one row per plan version of the holders in shown_holders, the newest first, at most sixty of each
SELECT p.holder_id, p.plan_ref, p.version, p.status_code, p.effective_from_on, p.effective_to_on, p.approved_on, p.approver_role, p.review_due_on
FROM validated.plans p SEMI JOIN shown_holders USING (holder_id)
QUALIFY row_number() OVER (PARTITION BY p.holder_id ORDER BY p.effective_from_on DESC, p.version DESC, p.plan_version_id) <= 60
ORDER BY p.holder_id, p.effective_from_on DESC, p.version DESC, p.plan_version_id
