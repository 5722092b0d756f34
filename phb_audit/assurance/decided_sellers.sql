-- one row per seller and category people gave its lines
SELECT merchant_words, category_code, told_share FROM decided.names ORDER BY merchant_words, category_code
