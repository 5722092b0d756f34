-- one row per receipt of the holders in holders_now
SELECT stated.*
FROM validated.receipts AS stated
JOIN holders_now ON holders_now.holder_id = stated.holder_id
