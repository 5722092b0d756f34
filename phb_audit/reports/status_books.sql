-- one row per stage of one night, in the order of the night
SELECT
    stage_name,
    coalesce(sum(rows_count) FILTER (side_code = 'in'), 0)::BIGINT AS rows_in,
    coalesce(sum(rows_count) FILTER (side_code = 'out'), 0)::BIGINT AS rows_out,
    coalesce(sum(sum_pence) FILTER (side_code = 'in'), 0)::BIGINT AS pence_in,
    coalesce(sum(sum_pence) FILTER (side_code = 'out'), 0)::BIGINT AS pence_out
FROM nights.control_totals
WHERE run_id = $run_id
GROUP BY stage_name
ORDER BY list_position(['landed', 'validated', 'decided', 'classified', 'matched', 'flagged', 'published'], stage_name)
