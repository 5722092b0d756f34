-- one row per asked payment, as it was last matched
SELECT p.* FROM matched.payments p SEMI JOIN asked USING (payment_id)
