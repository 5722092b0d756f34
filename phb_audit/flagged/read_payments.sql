-- One row per payment of the holders asked for within some days; the columns rules use.
SELECT p.payment_id, p.holder_id, p.feed_code, p.holding_code, p.care_group_code, p.paid_on, p.amount_pence, p.kind_code, p.is_spend, p.payee_shown,
    p.payee_id, p.payee_ref, p.mcc_code, p.country_code, p.category_code, p.probability_share, p.second_code,
    CASE WHEN p.match_code = 'no_match' THEN p.set_codes END AS set_codes, p.is_abstained, p.plan_version_id,
    p.plan_line_id, p.plan_line_words, p.match_code, p.is_preapproved, p.line_annual_pence, p.line_amount_pence, p.line_frequency_code,
    p.line_most_at_once_pence, p.line_category_code, p.later_plan_line_id, p.later_plan_version_id, p.receipt_id, p.receipt_match_code,
    p.receipt_difference_pence, p.receipt_days, p.receipt_group_id, v.reference, v.billed_on
FROM matched.payments p
SEMI JOIN batch USING (holder_id)
LEFT JOIN (
    SELECT payment_id, reference, CASE WHEN feed_code = 'notional' THEN posted_on END AS billed_on
    FROM validated.payments WHERE feed_code IN ('managed', 'notional') AND paid_on BETWEEN $from_on AND $to_on
) v USING (payment_id)
WHERE p.paid_on BETWEEN $from_on AND $to_on
