-- one row per register of which rows of one holder were replaced after a night
SELECT table_name, count(*)::BIGINT FROM validated.replaced
WHERE "row"->>'holder_id' = $holder_id AND run_id > $last
GROUP BY table_name ORDER BY table_name
