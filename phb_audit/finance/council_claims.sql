-- one row per receipt dated from $first_on to $last_on that the council counts
SELECT claim_id, holder_id, supplier_name, invoice_number, dated_on, total_pence, claimed_pence
FROM validated.council_claims
WHERE dated_on BETWEEN $first_on AND $last_on
ORDER BY claim_id
