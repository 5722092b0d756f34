-- one row per payment and receipt the night linked or left open
SELECT payment_id, receipt_id, link_code, receipt_group_id FROM matched.receipt_links ORDER BY payment_id, receipt_id
