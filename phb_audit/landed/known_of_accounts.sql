-- one row per landed bank line of the accounts
SELECT p.*
FROM landed.payments p
SEMI JOIN wanted_accounts USING (account_ref)
WHERE p.feed_code = 'bank' AND p.problem_text IS NULL
ORDER BY p.row_id
