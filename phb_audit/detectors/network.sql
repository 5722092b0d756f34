-- One row per holder and bank account on file for somebody of its budget that is on file under another name for another holder too.
WITH known AS (
    SELECT DISTINCT holder_id, account_ref, person_ref, surname_ref, role_code
    FROM validated.people WHERE nullif(account_ref, '') IS NOT NULL AND person_ref IS NOT NULL
),
held AS (
    SELECT account_ref, count(DISTINCT holder_id) AS holders_count, count(DISTINCT person_ref) AS names_count
    FROM known GROUP BY account_ref HAVING count(DISTINCT holder_id) > 1 AND count(DISTINCT person_ref) > 1
)
SELECT mine.holder_id, mine.account_ref, held.holders_count, held.names_count, bool_or(mine.role_code = 'pa') AS has_assistant
FROM known mine
JOIN held USING (account_ref)
JOIN known other ON other.account_ref = mine.account_ref AND other.holder_id <> mine.holder_id AND other.person_ref <> mine.person_ref
    AND other.surname_ref IS DISTINCT FROM mine.surname_ref
-- The same person under the same name on both sides is somebody who works for two.
WHERE NOT EXISTS (
    FROM known same WHERE same.account_ref = mine.account_ref AND same.person_ref = mine.person_ref AND same.holder_id = other.holder_id
)
GROUP BY ALL
ORDER BY mine.holder_id, mine.account_ref
