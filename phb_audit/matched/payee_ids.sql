-- one row per business: its id
SELECT business, 'M' || md5(business)[:16] AS business_id FROM names_now
