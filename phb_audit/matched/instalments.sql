-- one row per instalment of the holders in holders_now
SELECT stated.*
FROM validated.instalments AS stated
JOIN holders_now ON holders_now.holder_id = stated.holder_id
