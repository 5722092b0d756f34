-- one row per day, as text, of landed bank lines on an account of which new lines came tonight
SELECT DISTINCT CASE WHEN p.paid_on_text LIKE '____-__-__%' THEN left(p.paid_on_text, 10) ELSE p.paid_on_text END AS day_text
FROM landed.payments p
SEMI JOIN tonights_accounts USING (account_ref)
WHERE p.feed_code = 'bank' AND p.paid_on_text IS NOT NULL AND p.problem_text IS NULL
