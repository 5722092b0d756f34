-- one row per night before tonight that was begun and not published, after the last one that was
SELECT as_of_on
FROM nights.runs
WHERE state_code <> 'published'
    AND as_of_on < $as_of
    AND as_of_on > coalesce((SELECT max(as_of_on) FROM nights.runs WHERE state_code = 'published'), DATE '1900-01-01')
ORDER BY as_of_on
