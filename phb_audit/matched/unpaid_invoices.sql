-- one row per invoice of the holders in holders_now, dated in the days asked about, beside no payment
SELECT invoices.holder_id, invoices.total_pence, invoices.dated_on, invoices.supplier_name
FROM (
    SELECT receipt_id, holder_id, total_pence, dated_on, supplier_name FROM validated.receipts SEMI JOIN holders_now USING (holder_id)
    WHERE invoice_number IS NOT NULL AND dated_on BETWEEN $since AND $as_of AND total_pence > 0
) AS invoices
ANTI JOIN matched.receipt_links AS paid USING (receipt_id)
