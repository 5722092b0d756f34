-- one row per measure and month; people by quarter's end
CREATE VIEW bi.measures_by_month AS
SELECT measure_id, title, unit_code, last_on, value, lower, upper
FROM bi.measures
WHERE group_code IN ('month', 'quarter')
