-- one row per measure as a whole
CREATE VIEW bi.measures_now AS
SELECT measure_id, title, question, unit_code, value, lower, upper, numerator, denominator, target, first_on, last_on
FROM bi.measures
WHERE group_code = 'all'
