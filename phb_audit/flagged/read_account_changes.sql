-- One row per change of the bank account that the register of people gives for a person, of the holders asked for: the night it came in.
WITH versions AS (
    SELECT "row" ->> '$.holder_id' AS holder_id, "row" ->> '$.person_ref' AS person_ref, "row" ->> '$.role_code' AS role_code,
        "row" ->> '$.account_ref' AS account_ref, run_id AS changed_run_id
    FROM validated.replaced WHERE table_name = 'validated.people'
    UNION ALL
    SELECT holder_id, person_ref, role_code, account_ref, NULL FROM validated.people
),
beside AS (
    SELECT *, lead(account_ref) OVER (PARTITION BY holder_id, person_ref, role_code ORDER BY changed_run_id NULLS LAST) AS next_ref FROM versions
)
SELECT people.connection_id, people.holder_id, people.payee_ref, people.role_code, runs.as_of_on AS changed_on
FROM beside
JOIN nights.runs AS runs ON runs.run_id = beside.changed_run_id
JOIN validated.people AS people
    ON people.holder_id = beside.holder_id AND people.person_ref = beside.person_ref AND people.role_code IS NOT DISTINCT FROM beside.role_code
SEMI JOIN batch ON batch.holder_id = people.holder_id
WHERE beside.account_ref <> beside.next_ref
ORDER BY people.connection_id, changed_on
