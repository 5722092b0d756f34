-- one row per line of the receipts asked for, with what it was read as
SELECT receipt_id, description, line_total_pence, category_code, probability_share, is_abstained
FROM shown.receipt_lines SEMI JOIN asked USING (receipt_id)
ORDER BY receipt_id, line_number, receipt_line_id
