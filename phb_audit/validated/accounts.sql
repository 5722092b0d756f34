-- one row per account on the register: its holder, how many holders it is on the register for, and the holder's first day.
SELECT
    account_id,
    min(holder_id) AS holder_id,
    count(DISTINCT holder_id) AS owners_count,
    min(starts_on) AS first_start_on
FROM validated.budgets
WHERE account_id IS NOT NULL
GROUP BY account_id
