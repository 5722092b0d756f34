-- one row per line of an asked receipt, with what it was read as
SELECT l.*, k.category_code, k.probability_share, k.is_abstained
FROM validated.receipt_lines l
SEMI JOIN asked USING (receipt_id)
LEFT JOIN classified.receipt_lines k USING (receipt_line_id)
