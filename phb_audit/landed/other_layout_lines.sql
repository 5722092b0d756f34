-- one row per landed payment, of the wanted days, on an account that came in another layout tonight
SELECT p.*
FROM landed.payments p
SEMI JOIN wanted_days d ON CASE WHEN p.paid_on_text LIKE '____-__-__%' THEN left(p.paid_on_text, 10) ELSE p.paid_on_text END = d.day_text
SEMI JOIN tonights_layouts t ON p.account_ref = t.account_ref AND p.layout_code <> t.layout_code
WHERE p.problem_text IS NULL
