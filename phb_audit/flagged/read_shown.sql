-- One row per payment asked for: what its flags and cases show of it and of its plan.
SELECT payment_id, payee_shown, amount_pence, plan_version_id, has_any_plan, plan_line_id, plan_line_words, outcome_words
FROM matched.payments SEMI JOIN asked USING (payment_id)
