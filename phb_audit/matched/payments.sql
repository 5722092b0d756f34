-- one row per payment looked at of the holders in holders_now, with its category; without those the stage before lost
SELECT holders_now.holder_idx, asked_payments.* FROM asked_payments JOIN holders_now USING (holder_id)
WHERE category_code IS NOT NULL
