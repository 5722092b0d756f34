-- one row per landed bank line on one of the accounts and days of tonight's new lines
SELECT
    p.account_ref, p.paid_on_text, p.feed_code, p.amount_sign_code, p.amount_text, p.paid_out_text, p.paid_in_text
FROM landed.payments p
SEMI JOIN wanted_days d
    ON p.account_ref = d.account_ref
    AND CASE WHEN p.paid_on_text LIKE '____-__-__%' THEN left(p.paid_on_text, 10) ELSE p.paid_on_text END = d.day_text
WHERE p.feed_code = 'bank' AND p.problem_text IS NULL
