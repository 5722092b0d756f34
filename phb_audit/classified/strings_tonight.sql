-- one row per distinct text of tonight's payments and receipt lines, with what earlier nights knew of it
WITH tonight AS (
    SELECT string_id, payee_text, description, mcc_code FROM texts_of_payments
    UNION
    SELECT string_id, payee_text, description, mcc_code FROM texts_of_receipt_lines
)
SELECT tonight.string_id, any_value(tonight.payee_text) AS payee_text, any_value(tonight.description) AS description,
    any_value(tonight.mcc_code) AS mcc_code, any_value(strings.run_id) AS met_run_id
FROM tonight
LEFT JOIN classified.strings AS strings ON strings.string_id = tonight.string_id
WHERE strings.model_version IS DISTINCT FROM $model_version
GROUP BY tonight.string_id
ORDER BY tonight.string_id
