-- one row per payment looked at of the holders in holders_now, as admitted, and how its budget stood where it was matched before
SELECT holder_idx, tonight.*, TRUE AS is_open, FALSE AS is_held,
    NULL::BIGINT AS stood_budget_pence, NULL::BIGINT AS stood_spent_pence, NULL::BIGINT AS stood_remaining_pence
FROM (
    SELECT holder_id, payment_id, account_id, feed_code, paid_on, amount_pence, kind_code, is_spend, payee_text, payee_ref, description,
        mcc_code, country_code
    FROM validated.payments SEMI JOIN open_nights USING (run_id)
) AS tonight JOIN holders_now USING (holder_id)
UNION ALL SELECT holder_idx, older_rows.* FROM older_rows JOIN holders_now USING (holder_id)
