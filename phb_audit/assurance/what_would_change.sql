-- one row per payment of payments_asked that was spend: what was read, from which texts, and what its receipt's lines made of it
SELECT m.payment_id, m.category_code, m.category_because, m.is_abstained, c.category_code AS said_code, c.how_code, s.model_version,
    s.payee_text AS merchant, s.description, s.mcc_code AS mcc
FROM matched.payments m
SEMI JOIN payments_asked USING (payment_id)
JOIN classified.payments c USING (payment_id)
JOIN classified.strings s USING (string_id)
WHERE m.is_spend
ORDER BY m.payment_id
