-- one row per event in a holder's care of the holders in holders_now
SELECT stated.*
FROM validated.holder_events AS stated
JOIN holders_now ON holders_now.holder_id = stated.holder_id
