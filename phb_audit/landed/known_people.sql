-- one row per person that the people and payroll feeds of any night name
SELECT person_ref, payee_ref FROM landed.people WHERE person_ref IS NOT NULL
UNION
SELECT person_ref, payee_ref FROM landed.payroll WHERE person_ref IS NOT NULL
