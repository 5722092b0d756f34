-- one row per distinct text of tonight's payments and receipt lines: only these are hashed, not every line
CREATE OR REPLACE TEMP TABLE texts_tonight AS
SELECT payee, words, code, substr(sha256(concat(payee, chr(31), words, chr(31), code)), 1, 16) AS string_id
FROM (
    SELECT payee, words, code FROM texts_of_payments($run_id)
    UNION
    SELECT payee, words, code FROM texts_of_receipt_lines($run_id)
)
