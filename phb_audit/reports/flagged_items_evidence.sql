-- one row per case in shown_cases, with its payment, plan version and account (each empty where there is none)
WITH accounts AS (
    SELECT f.case_id, min(f.subject_id) AS account_id
    FROM flagged.findings f
    WHERE f.subject_code = 'account'
    GROUP BY f.case_id
)
SELECT c.case_id, c.payment_id,
       p.payee_shown, p.payee_ref IS NOT NULL AS is_person_paid, p.paid_on, p.amount_pence, p.kind_code, p.care_group_code,
       p.category_code, p.probability_share, p.is_abstained, p.category_because,
       p.has_any_plan, p.plan_line_words, p.outcome_words, p.match_code, p.match_share, p.match_because, p.goal_because,
       runner.description AS runner_up_words, p.runner_up_share,
       later.description AS later_words, later_plan.effective_from_on AS later_from_on,
       p.is_preapproved, p.line_amount_pence, p.line_frequency_code, p.line_most_at_once_pence,
       p.budget_to_date_pence, p.spent_to_date_pence, p.remaining_pence, p.is_event_open,
       plan.version AS plan_version, plan.status_code AS plan_status_code, plan.effective_from_on, plan.effective_to_on, plan.approved_on,
       plan.approver_role, plan.review_due_on,
       p.receipt_id,
       account.balance_pence, account.last_line_on, account.weekly_pence, account.due_pence
FROM flagged.cases c
JOIN shown_cases USING (case_id)
LEFT JOIN matched.payments p ON p.payment_id = c.payment_id
LEFT JOIN validated.plans plan ON plan.plan_version_id = p.plan_version_id
LEFT JOIN validated.plan_lines runner ON runner.plan_line_id = p.runner_up_line_id
LEFT JOIN validated.plan_lines later ON later.plan_line_id = p.later_plan_line_id
LEFT JOIN validated.plans later_plan ON later_plan.plan_version_id = p.later_plan_version_id
LEFT JOIN accounts ON accounts.case_id = c.case_id
LEFT JOIN matched.accounts account ON account.account_id = accounts.account_id
ORDER BY c.rank, c.case_id
