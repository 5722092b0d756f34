-- one row per receipt line of the holders in holders_now, with its category
SELECT lines.receipt_line_id, lines.receipt_id, lines.description, lines.line_total_pence, categories.category_code, categories.probability_share,
    categories.is_abstained
FROM validated.receipt_lines AS lines
JOIN holders_now ON holders_now.holder_id = lines.holder_id
LEFT JOIN classified.receipt_lines AS categories ON categories.receipt_line_id = lines.receipt_line_id
ORDER BY lines.receipt_id, lines.receipt_line_id
