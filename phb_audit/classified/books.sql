-- one row per side and item of tonight's books: rows and pence that came in, and that were classified
SELECT 'in' AS side, 'payments admitted' AS item, count(*) AS rows_count, coalesce(sum(amount_pence), 0)::BIGINT AS sum_pence
FROM validated.payments WHERE run_id = $run_id
UNION ALL
SELECT 'in', 'receipt lines admitted', count(*), coalesce(sum(line_total_pence), 0)::BIGINT FROM validated.receipt_lines WHERE run_id = $run_id
UNION ALL
SELECT 'out', 'payments classified', count(*), coalesce(sum(amount_pence), 0)::BIGINT
FROM classified.payments WHERE run_id = $run_id AND NOT is_abstained
UNION ALL
SELECT 'out', 'payments the words do not settle', count(*), coalesce(sum(amount_pence), 0)::BIGINT
FROM classified.payments WHERE run_id = $run_id AND is_abstained
UNION ALL
SELECT 'out', 'receipt lines classified', count(*), coalesce(sum(line_total_pence), 0)::BIGINT
FROM classified.receipt_lines WHERE run_id = $run_id AND NOT is_abstained
UNION ALL
SELECT 'out', 'receipt lines the words do not settle', count(*), coalesce(sum(line_total_pence), 0)::BIGINT
FROM classified.receipt_lines WHERE run_id = $run_id AND is_abstained
