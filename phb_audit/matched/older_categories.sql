-- one row per payment of an earlier night that is looked at again: its category
CREATE OR REPLACE TEMP TABLE older_categories AS
SELECT payment_id, string_id, category_code, probability_share, second_code, second_share, set_codes, is_abstained, because
FROM classified.payments SEMI JOIN older_payments USING (payment_id)
