-- one row per remembered text that people decided something of: which decisions bear on it
CREATE OR REPLACE TEMP TABLE decided_tonight AS
WITH names AS (
    SELECT merchant_words, left(sha256(string_agg(category_code || ':' || told_share, '|' ORDER BY category_code)), 8) AS names_version
    FROM decided.names GROUP BY merchant_words
)
SELECT strings.string_id, concat(coalesce(names.names_version, ''), coalesce('-' || wordings.event_number, '')) AS decided_version
FROM classified.strings AS strings
LEFT JOIN names ON names.merchant_words = strings.merchant_words
LEFT JOIN decided.categories AS wordings
    ON wordings.merchant_words = strings.merchant_words AND wordings.description_words = strings.description_words
    AND coalesce(wordings.mcc_code, '') = coalesce(strings.mcc_code, '')
WHERE names.names_version IS NOT NULL OR wordings.event_number IS NOT NULL
