-- one row per day, as text, of landed payments on an account that came in another layout tonight
SELECT DISTINCT CASE WHEN p.paid_on_text LIKE '____-__-__%' THEN left(p.paid_on_text, 10) ELSE p.paid_on_text END AS day_text
FROM landed.payments p
JOIN tonights_layouts t ON p.account_ref = t.account_ref AND p.layout_code <> t.layout_code
WHERE p.paid_on_text IS NOT NULL AND p.problem_text IS NULL
