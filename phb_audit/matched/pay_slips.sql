-- one row per pay slip of the holders in holders_now
SELECT stated.*
FROM validated.pay_slips AS stated
JOIN holders_now ON holders_now.holder_id = stated.holder_id
