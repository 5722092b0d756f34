-- one row per holder touched, with the first day that is matched anew and the number of payments that may be
SELECT touched.holder_id, min(asked.paid_on) FILTER (WHERE asked.is_open) AS first_open_on, count(asked.payment_id) AS payments_count
FROM touched_holders AS touched LEFT JOIN asked_payments AS asked ON asked.holder_id = touched.holder_id
GROUP BY touched.holder_id
ORDER BY touched.holder_id
