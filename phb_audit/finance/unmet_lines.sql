-- one row per line of a plan version: its own words, for the hours they may agree
SELECT plan_line_id, any_value(description ORDER BY run_id DESC, line_number DESC) AS description
FROM validated.plan_lines
GROUP BY plan_line_id
ORDER BY plan_line_id
