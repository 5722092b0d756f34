-- one row per asked payment and receipt that belong together, or may
SELECT l.* FROM matched.receipt_links l SEMI JOIN asked USING (payment_id)
