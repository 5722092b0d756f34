-- one row per category that a person confirmed or corrected: the set the classifier had given, and what it was
SELECT was_set_codes, category_code
FROM decided.categories
WHERE was_set_codes IS NOT NULL
ORDER BY event_number
