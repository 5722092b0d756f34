-- one row per distinct text of tonight that is new, or was last answered by another version or before a decision that bears on it
SELECT texts.string_id, nullif(any_value(texts.payee), '') AS payee_text, nullif(any_value(texts.words), '') AS description,
    nullif(any_value(texts.code), '') AS mcc_code, any_value(strings.run_id) AS met_run_id
FROM texts_tonight AS texts
LEFT JOIN classified.strings AS strings ON strings.string_id = texts.string_id
LEFT JOIN decided_tonight AS decided ON decided.string_id = texts.string_id
WHERE strings.model_version IS DISTINCT FROM $model_version OR strings.decided_version <> coalesce(decided.decided_version, '')
GROUP BY texts.string_id
ORDER BY texts.string_id
