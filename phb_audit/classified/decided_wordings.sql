-- one row per wording that a person decided and that says more than who was paid
SELECT merchant_words, description_words, coalesce(mcc_code, '') AS mcc_code, category_code AS decided_code,
    CAST(left(decided_at, 10) AS DATE) AS decided_on
FROM decided.categories
WHERE description_words <> '' AND NOT regexp_matches(merchant_words, '\bPERSON\b')
ORDER BY event_number
