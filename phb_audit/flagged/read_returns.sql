-- One row per monitoring return of the holders asked for whose period ends from the horizon on, beside what the lines of its account, the
-- return before it and the commissioner's own instalments say of the same days. A return that names no account is of the holder's only one;
-- of several returns for the same days the one that came last stands.
WITH accounts AS (
    SELECT holder_id, account_id, min(paid_on) AS first_on, max(paid_on) AS reached_on
    FROM validated.payments SEMI JOIN batch USING (holder_id)
    WHERE kind_code NOT IN ('authorisation', 'declined', 'reversed')
        AND holder_id IN (SELECT holder_id FROM validated.monitoring_returns)
    GROUP BY holder_id, account_id
),
named AS (
    SELECT told.*, coalesce(told.account_ref, alone.account_id) AS account_id
    FROM validated.monitoring_returns AS told SEMI JOIN batch USING (holder_id)
    LEFT JOIN (SELECT holder_id, any_value(account_id) AS account_id FROM accounts GROUP BY holder_id HAVING count(*) = 1) AS alone
        ON alone.holder_id = told.holder_id
    WHERE told.period_to_on >= $horizon_on
    QUALIFY row_number() OVER (
        PARTITION BY told.holder_id, coalesce(told.account_ref, alone.account_id), period_from_on, period_to_on ORDER BY run_id DESC, return_id
    ) = 1
),
returns AS (
    SELECT return_id, holder_id, account_id, period_from_on, period_to_on, opening_pence, received_pence, closing_pence, statement_balance_pence,
        unpaid_wages_pence, unpaid_invoices_pence, contingency_pence, received_on, due_on,
        coalesce(received_pence, 0) + coalesce(other_income_pence, 0) AS in_pence,
        coalesce(wages_pence, 0) + coalesce(hmrc_pence, 0) + coalesce(pension_pence, 0) + coalesce(agency_pence, 0) + coalesce(equipment_pence, 0)
            + coalesce(activity_pence, 0) + coalesce(other_spend_pence, 0) + coalesce(charges_pence, 0) AS out_pence,
        coalesce(statement_balance_pence, closing_pence) AS told_pence,
        lag(closing_pence) OVER one_account AS before_pence,
        lag(period_to_on) OVER one_account AS before_on
    FROM named
    WINDOW one_account AS (PARTITION BY holder_id, account_id ORDER BY period_from_on, period_to_on, return_id)
),
lines AS (
    SELECT returns.return_id, returns.period_from_on, returns.told_pence, paid.payment_id, paid.paid_on, paid.amount_pence, paid.balance_pence,
        paid.file_id, paid.line_number
    FROM returns JOIN validated.payments AS paid
        ON paid.holder_id = returns.holder_id AND paid.account_id = returns.account_id AND paid.paid_on <= returns.period_to_on
    WHERE paid.kind_code NOT IN ('authorisation', 'declined', 'reversed')
),
sums AS (
    SELECT return_id, -sum(amount_pence)::BIGINT AS lines_moved_pence, arg_min(payment_id, (paid_on, file_id, line_number)) AS first_line_id
    FROM lines WHERE paid_on >= period_from_on GROUP BY return_id
),
balances AS (
    -- Lines of one day come in any order: of the last day with a balance, the balance nearest to what the return says.
    SELECT return_id, arg_min(balance_pence, (abs(balance_pence - told_pence), payment_id)) AS line_balance_pence,
        arg_min(payment_id, (abs(balance_pence - told_pence), payment_id)) AS balance_line_id, any_value(paid_on) AS balance_on
    FROM lines SEMI JOIN (
        SELECT return_id, max(paid_on) AS paid_on FROM lines WHERE balance_pence IS NOT NULL GROUP BY return_id
    ) AS last_days USING (return_id, paid_on)
    WHERE balance_pence IS NOT NULL
    GROUP BY return_id
),
paid_in AS (
    -- An instalment paid at the edge of the period may have come in on either side of it.
    SELECT return_id,
        sum(paid.amount_pence) FILTER (WHERE paid.paid_on BETWEEN returns.period_from_on - 5 AND returns.period_to_on + 5)::BIGINT AS paid_most_pence,
        sum(paid.amount_pence) FILTER (WHERE paid.paid_on BETWEEN returns.period_from_on + 5 AND returns.period_to_on - 5)::BIGINT AS paid_least_pence
    FROM returns JOIN validated.instalments AS paid USING (holder_id) GROUP BY return_id
)
SELECT returns.*, first_on, reached_on, lines_moved_pence, first_line_id, line_balance_pence, balance_line_id, balance_on,
    coalesce(paid_most_pence, 0) AS paid_most_pence, coalesce(paid_least_pence, 0) AS paid_least_pence
FROM returns
LEFT JOIN accounts USING (holder_id, account_id)
LEFT JOIN sums USING (return_id)
LEFT JOIN balances USING (return_id)
LEFT JOIN paid_in USING (return_id)
ORDER BY returns.return_id
