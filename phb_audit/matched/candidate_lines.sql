-- one row per line of a receipt that may stand beside an asked payment, with its category
CREATE OR REPLACE TEMP TABLE candidate_lines AS
WITH lines AS (
    SELECT receipt_line_id, receipt_id, description, line_total_pence FROM validated.receipt_lines SEMI JOIN candidate_receipts USING (receipt_id)
),
categories AS (
    SELECT receipt_line_id, category_code, probability_share, set_codes, is_abstained FROM classified.receipt_lines SEMI JOIN lines USING (receipt_line_id)
)
SELECT * FROM lines LEFT JOIN categories USING (receipt_line_id)
