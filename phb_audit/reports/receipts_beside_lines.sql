-- one row per line of the receipts in asked, with what it was read as
SELECT lines.receipt_id, lines.description, lines.line_total_pence, told.category_code, told.probability_share, told.is_abstained
FROM validated.receipt_lines AS lines
SEMI JOIN asked USING (receipt_id)
LEFT JOIN classified.receipt_lines AS told USING (receipt_line_id)
ORDER BY lines.receipt_id, lines.line_number, lines.receipt_line_id
