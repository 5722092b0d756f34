-- one row per holder and source of hours: a pay slip or a visit, the days it covers (to $last_on) and its hours
SELECT holder_id, 'pay slips' AS source, period_from_on AS from_on, period_to_on AS to_on, hours_count
FROM validated.pay_slips
WHERE hours_kind_code = 'worked' AND hours_count > 0 AND period_to_on BETWEEN $first_on AND $last_on
UNION ALL
SELECT holder_id, 'visits', visited_on, visited_on, hours_count FROM validated.visits WHERE visited_on BETWEEN $first_on AND $last_on
ORDER BY ALL
