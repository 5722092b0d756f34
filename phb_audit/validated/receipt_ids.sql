-- one row per landed row of a receipt, in the order given: 'R' and 15 hex digits of holder, sender's id, number, date and total.
SELECT
    'R' || left(md5(concat_ws('|', coalesce(holder_id, ''), coalesce(receipt_ref, ''), coalesce(invoice_number, ''),
        coalesce(CAST(dated_on AS VARCHAR), ''), coalesce(CAST(total_pence AS VARCHAR), ''))), 15) AS receipt_id
FROM typed_receipts
