-- one row per payment admitted tonight, with the answer of its kind, of the person paid (wages, or a present to an assistant), or of its words, in that order
INSERT INTO classified.payments BY NAME
WITH roles AS (
    SELECT holder_id, payee_ref, 'payroll' AS role_code FROM validated.pay_slips WHERE payee_ref IS NOT NULL
    UNION
    SELECT holder_id, payee_ref, role_code FROM validated.people WHERE payee_ref IS NOT NULL AND role_code IS NOT NULL
),
ranks AS (
    SELECT roles.holder_id, roles.payee_ref, min(answers.rank) AS rank
    FROM roles JOIN answers_of_persons AS answers ON answers.role_code = roles.role_code
    GROUP BY roles.holder_id, roles.payee_ref
),
persons AS (
    SELECT ranks.holder_id, ranks.payee_ref, answers.* FROM ranks JOIN answers_of_persons AS answers ON answers.rank = ranks.rank
),
strings AS (
    SELECT payee, words, code, known.*
    FROM texts_tonight AS texts JOIN classified.strings AS known ON known.string_id = texts.string_id
),
chosen AS (
    SELECT texts.payment_id, texts.amount_pence, strings.*,
        CASE
            WHEN kinds.is_always THEN 'kind'
            WHEN strings.how_code = 'decided' THEN 'words'
            WHEN persons.role_code IN ('payroll', 'pa') AND regexp_matches(texts.payee || ' ' || texts.words, presents.present_words)
                AND NOT regexp_matches(texts.payee || ' ' || texts.words, presents.wage_words) THEN 'present'
            WHEN persons.rank IS NOT NULL AND (strings.is_abstained OR strings.probability_share < persons.below_share
                OR strings.category_code IN (persons.instead_of_code, persons.category_code)) THEN 'person'
            WHEN kinds.kind_code IS NOT NULL AND (strings.is_abstained OR strings.probability_share < kinds.below_share) THEN 'kind'
            ELSE 'words'
        END AS source,
        kinds.category_code AS kind_category, kinds.probability_share AS kind_share, kinds.because AS kind_because,
        persons.category_code AS person_category, persons.probability_share AS person_share, persons.because AS person_because,
        presents.category_code AS present_category, presents.probability_share AS present_share, presents.because AS present_because
    FROM texts_of_payments($run_id) AS texts
    JOIN strings ON strings.payee = texts.payee AND strings.words = texts.words AND strings.code = texts.code
    LEFT JOIN answers_of_kinds AS kinds ON kinds.kind_code = texts.kind_code
    LEFT JOIN persons ON persons.holder_id = texts.holder_id AND persons.payee_ref = texts.payee_ref
    CROSS JOIN answer_of_presents AS presents
)
SELECT payment_id, $run_id AS run_id, string_id, amount_pence,
    CASE source WHEN 'kind' THEN kind_category WHEN 'person' THEN person_category WHEN 'present' THEN present_category ELSE category_code END AS category_code,
    CASE source WHEN 'kind' THEN kind_share WHEN 'person' THEN person_share WHEN 'present' THEN present_share ELSE probability_share END AS probability_share,
    CASE source WHEN 'words' THEN second_code END AS second_code,
    CASE source WHEN 'words' THEN second_share END AS second_share,
    CASE source WHEN 'words' THEN third_code END AS third_code,
    CASE source WHEN 'kind' THEN kind_category WHEN 'person' THEN person_category WHEN 'present' THEN present_category ELSE set_codes END AS set_codes,
    CASE source WHEN 'words' THEN set_count ELSE 1 END AS set_count,
    CASE source WHEN 'words' THEN strange_share ELSE 0 END AS strange_share,
    CASE source WHEN 'words' THEN how_code ELSE 'kind' END AS how_code,
    CASE source WHEN 'words' THEN is_abstained ELSE FALSE END AS is_abstained,
    CASE source WHEN 'kind' THEN kind_because WHEN 'person' THEN person_because WHEN 'present' THEN present_because ELSE because END AS because
FROM chosen
ORDER BY string_id, payment_id
