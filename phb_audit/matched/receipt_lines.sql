-- one row per line of the receipts in receipts_beside, with its category
SELECT lines.receipt_line_id, lines.receipt_id, lines.description, lines.line_total_pence, categories.category_code, categories.probability_share,
    categories.is_abstained
FROM (SELECT * FROM validated.receipt_lines SEMI JOIN receipts_beside USING (receipt_id)) AS lines
LEFT JOIN classified.receipt_lines AS categories ON categories.receipt_line_id = lines.receipt_line_id
ORDER BY lines.receipt_id, lines.receipt_line_id
