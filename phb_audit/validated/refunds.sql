-- one row per bank line of money in from somebody whom the account paid on that day or before: a refund (same person, or same first letters)
WITH asked AS (
    SELECT
        row_id,
        account_id,
        paid_on,
        coalesce(payee_ref, left(regexp_replace(upper(payee_text), '[^A-Z]', '', 'g'), 10)) AS payee
    FROM candidate_payments
    WHERE feed_code = 'bank' AND kind_code = 'credit'
),
paid AS (
    SELECT account_id, payee_ref, payee_text, paid_on
    FROM candidate_payments
    WHERE amount_pence > 0 AND account_id IN (SELECT account_id FROM asked)
    UNION ALL
    SELECT account_id, payee_ref, payee_text, paid_on
    FROM validated.payments
    WHERE amount_pence > 0 AND run_id < $run_id AND account_id IN (SELECT account_id FROM asked)
),
first_paid AS (
    SELECT
        account_id,
        coalesce(payee_ref, left(regexp_replace(upper(payee_text), '[^A-Z]', '', 'g'), 10)) AS payee,
        min(paid_on) AS paid_on
    FROM paid
    GROUP BY ALL
)
SELECT DISTINCT asked.row_id
FROM asked
JOIN first_paid USING (account_id, payee)
WHERE asked.payee <> '' AND first_paid.paid_on <= asked.paid_on
ORDER BY asked.row_id
