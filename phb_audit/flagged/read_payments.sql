-- One row per payment of the holders asked for, from the horizon on or admitted tonight.
SELECT payment_id, holder_id, account_id, feed_code, holding_code, care_group_code, paid_on, amount_pence, kind_code, is_spend, payee_shown, payee_id,
    payee_ref, description, mcc_code, country_code, category_code, probability_share, second_code, is_abstained, plan_version_id, has_any_plan,
    plan_line_id, plan_line_words, outcome_id, outcome_words, match_code, match_share, is_preapproved, line_annual_pence, line_amount_pence,
    line_frequency_code, line_most_at_once_pence, line_category_code, later_plan_line_id, later_plan_version_id, budget_to_date_pence,
    spent_to_date_pence, remaining_pence, receipt_id, receipt_match_code, receipt_difference_pence, receipt_days, is_event_open
FROM matched.payments
SEMI JOIN batch USING (holder_id)
WHERE paid_on >= $horizon_on OR payment_id IN (SELECT payment_id FROM validated.payments WHERE run_id = $run_id)
ORDER BY payment_id
