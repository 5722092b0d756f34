-- one row per receipt of the holders in holders_now that may stand beside a payment looked at
SELECT holder_idx, receipt_id, holder_id, supplier_name, invoice_number, dated_on, received_on, total_pence, image_hash, picture_mark,
    numbers_mark, run_id, line_number, is_open, was_taken
FROM candidate_receipts JOIN holders_now USING (holder_id)
