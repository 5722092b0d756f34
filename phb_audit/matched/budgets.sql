-- one row per holder, account and budget period of the holders in holders_now, once for each night that said it
SELECT stated.*
FROM validated.budgets AS stated
JOIN holders_now ON holders_now.holder_id = stated.holder_id
