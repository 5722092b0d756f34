-- one row per landed payment, of the wanted days, on an account of which new lines came tonight
SELECT p.*
FROM landed.payments p
SEMI JOIN wanted_days d ON CASE WHEN p.paid_on_text LIKE '____-__-__%' THEN left(p.paid_on_text, 10) ELSE p.paid_on_text END = d.day_text
SEMI JOIN tonights_accounts USING (account_ref)
WHERE p.problem_text IS NULL
