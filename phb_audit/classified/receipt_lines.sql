-- one row per receipt line admitted tonight, with the answer of its words
INSERT INTO classified.receipt_lines BY NAME
WITH strings AS (
    SELECT payee, words, code, known.*
    FROM texts_tonight AS texts JOIN classified.strings AS known ON known.string_id = texts.string_id
)
SELECT texts.receipt_line_id, texts.receipt_id, $run_id AS run_id, strings.string_id, texts.line_total_pence,
    strings.category_code, strings.probability_share, strings.second_code, strings.second_share, strings.third_code,
    strings.set_codes, strings.set_count, strings.strange_share, strings.how_code, strings.is_abstained, strings.because
FROM texts_of_receipt_lines($run_id) AS texts
JOIN strings ON strings.payee = texts.payee AND strings.words = texts.words AND strings.code = texts.code
ORDER BY strings.string_id, texts.receipt_line_id
