-- one row per receipt line admitted on a night: the texts that are classified, '' for none
CREATE OR REPLACE TEMP MACRO texts_of_receipt_lines(night) AS TABLE
SELECT lines.receipt_line_id, lines.receipt_id, lines.line_total_pence,
    coalesce(receipts.supplier_name, '') AS payee, '' AS code, coalesce(lines.description, '') AS words
FROM validated.receipt_lines AS lines
LEFT JOIN (SELECT receipt_id, any_value(supplier_name) AS supplier_name FROM validated.receipts GROUP BY receipt_id) AS receipts
    ON receipts.receipt_id = lines.receipt_id
WHERE lines.run_id = night
