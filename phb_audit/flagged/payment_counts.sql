-- One row per holder looked at tonight, with the number of its payments, in order: for cutting the night into batches.
SELECT tonight.holder_id, count(payment_id) AS payments_count
FROM tonight LEFT JOIN matched.payments USING (holder_id) GROUP BY tonight.holder_id ORDER BY tonight.holder_id
