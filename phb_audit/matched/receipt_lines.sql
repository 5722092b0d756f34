-- one row per line of the receipts in receipts_beside, with its category; in one order always, since shares are added up
SELECT receipt_line_id, receipt_id, description, line_total_pence, category_code, probability_share, set_codes, is_abstained
FROM candidate_lines SEMI JOIN receipts_beside USING (receipt_id)
ORDER BY receipt_id, receipt_line_id
