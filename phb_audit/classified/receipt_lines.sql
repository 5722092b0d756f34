-- one row per receipt line admitted tonight, with the answer of its words
INSERT INTO classified.receipt_lines BY NAME
SELECT texts.receipt_line_id, texts.receipt_id, $run_id AS run_id, texts.string_id, texts.line_total_pence,
    strings.category_code, strings.probability_share, strings.second_code, strings.second_share, strings.third_code,
    strings.set_codes, strings.set_count, strings.strange_share, strings.how_code, strings.is_abstained, strings.because
FROM texts_of_receipt_lines AS texts
JOIN classified.strings AS strings ON strings.string_id = texts.string_id
ORDER BY texts.receipt_line_id
