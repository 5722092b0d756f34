-- one row per payment and receipt of the holders in holders_now that a person said belong together, or do not
SELECT payment_id, receipt_id, is_together FROM decided.receipt_pairs SEMI JOIN holders_now USING (holder_id) ORDER BY payment_id, receipt_id
