-- One row per line of the receipts in papers (of an older receipt: only the lines new tonight), with its category and its receipt's payment.
WITH answers AS (
    SELECT receipt_line_id, category_code, probability_share, second_code, set_codes, is_abstained
    FROM classified.receipt_lines SEMI JOIN papers USING (receipt_id)
)
SELECT receipt_id, holder_id, description, quantity_count, line_total_pence, category_code, probability_share, second_code, set_codes,
    coalesce(is_abstained, true) AS is_abstained, papers.payment_id, dated_on, received_on
FROM validated.receipt_lines JOIN papers USING (receipt_id) LEFT JOIN answers USING (receipt_line_id)
WHERE is_near OR validated.receipt_lines.run_id = $run_id
