-- one row per line of a version of the holders in holders_now, once for each night that said it
SELECT stated.*
FROM validated.plan_lines AS stated
JOIN holders_now ON holders_now.holder_id = stated.holder_id
