-- one row per receipt line admitted tonight: the texts that are classified
CREATE OR REPLACE TEMP TABLE texts_of_receipt_lines AS
SELECT lines.receipt_line_id, lines.receipt_id, lines.line_total_pence, receipts.supplier_name AS payee_text, lines.description,
    CAST(NULL AS VARCHAR) AS mcc_code,
    substr(sha256(concat(coalesce(receipts.supplier_name, ''), chr(31), coalesce(lines.description, ''), chr(31))), 1, 16) AS string_id
FROM validated.receipt_lines AS lines
LEFT JOIN (SELECT receipt_id, any_value(supplier_name) AS supplier_name FROM validated.receipts GROUP BY receipt_id) AS receipts
    ON receipts.receipt_id = lines.receipt_id
WHERE lines.run_id = $run_id
