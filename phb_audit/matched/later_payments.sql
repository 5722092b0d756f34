-- one row per payment of an earlier night on or after the first day matched anew of its holder: what it cost, and how its budget stood
CREATE OR REPLACE TEMP TABLE later_payments AS
WITH later AS (
    SELECT payments.holder_id, payments.payment_id, payments.paid_on, payments.amount_pence, payments.is_spend
    FROM validated.payments AS payments
    JOIN holders_open ON holders_open.holder_id = payments.holder_id AND payments.paid_on >= holders_open.first_open_on
    WHERE payments.run_id NOT IN (SELECT run_id FROM open_nights)
)
SELECT later.*, stood.spent_to_date_pence AS stood_spent_pence, stood.remaining_pence AS stood_remaining_pence
FROM later JOIN (SELECT * FROM matched.payments SEMI JOIN later USING (payment_id)) AS stood USING (payment_id)
