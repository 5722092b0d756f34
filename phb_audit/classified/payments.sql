-- one row per payment admitted tonight, with the answer of its kind, of the person paid, or of its words, in that order
INSERT INTO classified.payments BY NAME
WITH roles AS (
    SELECT holder_id, payee_ref, 'payroll' AS role_code FROM validated.pay_slips WHERE payee_ref IS NOT NULL
    UNION
    SELECT holder_id, payee_ref, role_code FROM validated.people WHERE payee_ref IS NOT NULL AND role_code IS NOT NULL
),
persons AS (
    SELECT roles.holder_id, roles.payee_ref, arg_min(struct_pack(a := answers), answers.rank).a AS answer
    FROM roles JOIN answers_of_persons AS answers ON answers.role_code = roles.role_code
    GROUP BY roles.holder_id, roles.payee_ref
),
chosen AS (
    SELECT texts.payment_id, texts.string_id, texts.amount_pence, strings,
        CASE
            WHEN kinds.is_always THEN 'kind'
            WHEN persons.answer IS NOT NULL AND (strings.is_abstained OR strings.probability_share < persons.answer.below_share
                OR strings.category_code IN (persons.answer.instead_of_code, persons.answer.category_code)) THEN 'person'
            WHEN kinds.kind_code IS NOT NULL AND (strings.is_abstained OR strings.probability_share < kinds.below_share) THEN 'kind'
            ELSE 'words'
        END AS source,
        kinds, persons.answer AS person
    FROM texts_of_payments AS texts
    JOIN classified.strings AS strings ON strings.string_id = texts.string_id
    LEFT JOIN answers_of_kinds AS kinds ON kinds.kind_code = texts.kind_code
    LEFT JOIN persons ON persons.holder_id = texts.holder_id AND persons.payee_ref = texts.payee_ref
)
SELECT payment_id, $run_id AS run_id, string_id, amount_pence,
    CASE source WHEN 'kind' THEN kinds.category_code WHEN 'person' THEN person.category_code ELSE strings.category_code END AS category_code,
    CASE source WHEN 'kind' THEN kinds.probability_share WHEN 'person' THEN person.probability_share ELSE strings.probability_share END
        AS probability_share,
    CASE source WHEN 'words' THEN strings.second_code END AS second_code,
    CASE source WHEN 'words' THEN strings.second_share END AS second_share,
    CASE source WHEN 'words' THEN strings.third_code END AS third_code,
    CASE source WHEN 'kind' THEN kinds.category_code WHEN 'person' THEN person.category_code ELSE strings.set_codes END AS set_codes,
    CASE source WHEN 'words' THEN strings.set_count ELSE 1 END AS set_count,
    CASE source WHEN 'words' THEN strings.strange_share ELSE 0 END AS strange_share,
    CASE source WHEN 'words' THEN strings.how_code ELSE 'kind' END AS how_code,
    CASE source WHEN 'words' THEN strings.is_abstained ELSE FALSE END AS is_abstained,
    CASE source WHEN 'kind' THEN kinds.because WHEN 'person' THEN person.because ELSE strings.because END AS because
FROM chosen
ORDER BY payment_id
