-- one row per receipt whose payment is looked for: new, with new lines, or of a holder looked at whole
CREATE OR REPLACE TEMP TABLE open_receipts AS
WITH lined AS (SELECT DISTINCT receipt_id FROM validated.receipt_lines SEMI JOIN open_nights USING (run_id))
SELECT receipts.receipt_id, receipts.holder_id, receipts.dated_on, receipts.received_on, receipts.total_pence, touched.is_whole
FROM validated.receipts AS receipts
JOIN touched_holders AS touched USING (holder_id)
WHERE touched.is_whole OR receipts.run_id IN (SELECT run_id FROM open_nights) OR receipts.receipt_id IN (SELECT receipt_id FROM lined)
