-- one row per payment looked at tonight, of any holder: its category; those the stage before lost have none
SELECT payment_id, string_id, category_code, probability_share, second_code, second_share, set_codes, is_abstained, because AS category_because
FROM classified.payments SEMI JOIN open_nights USING (run_id)
UNION ALL SELECT * FROM older_categories
