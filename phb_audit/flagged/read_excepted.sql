-- One row per exception and purchase of its holder in its time, of tonight's holders, with what the scope asks of it.
SELECT e.exception_id, e.category_codes, e.payee_words, e.plan_line_id AS only_line_id, e.cap_pence, e.from_on, e.to_on, e.words, e.agreed_by,
       p.payment_id, p.holder_id, p.paid_on, p.amount_pence, p.category_code, p.payee_shown, p.plan_line_id
FROM decided.exceptions e
SEMI JOIN tonight USING (holder_id)
JOIN matched.payments p ON p.holder_id = e.holder_id AND p.paid_on BETWEEN e.from_on AND e.to_on AND p.is_spend
ORDER BY e.exception_id, p.paid_on, p.payment_id
