-- one row per receipt that stood beside a payment whose receipts are looked for anew, or among several
CREATE OR REPLACE TEMP TABLE held_receipts AS
SELECT DISTINCT receipt_id FROM matched.receipt_links SEMI JOIN (SELECT payment_id FROM asked_payments WHERE is_held) USING (payment_id)
