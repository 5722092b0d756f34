-- One row per made-up payment line: of twenty, four are a weekly class at its price, one is a bus fare, the others are of any amount in many shops.
CREATE OR REPLACE TABLE matched.payments AS
WITH numbers AS (SELECT range AS i, range % $holders AS holder, hash(range, 11) AS a, hash(range, 12) AS b FROM range($lines)),
habits AS (SELECT *, hash(holder, 3) AS own, b % 20 < 4 AS is_class, b % 20 = 4 AS is_fare, hash(b) AS c FROM numbers)
SELECT 'P' || lpad(to_hex(i), 16, '0') AS payment_id, 'H' || lpad(to_hex(holder), 16, '0') AS holder_id,
    DATE '2025-01-01' + CASE WHEN is_class THEN a % 57 * 7 ELSE a % 400 END::INTEGER AS paid_on,
    CASE WHEN is_class THEN 500 + own % 20 * 50 WHEN is_fare THEN 280 ELSE 100 + c % 20000 END::BIGINT AS amount_pence,
    'purchase' AS kind_code,
    CASE WHEN is_class THEN 'Hall ' || chr(97 + (own % 26)::INTEGER) || chr(97 + (own % 25)::INTEGER) WHEN is_fare THEN 'Borough Buses'
        ELSE 'Shop ' || chr(97 + (c % 26)::INTEGER) || chr(97 + (c % 25)::INTEGER) END AS payee_shown,
    NULL::VARCHAR AS payee_ref, 'M' || md5(payee_shown)[:16] AS payee_id, NULL::VARCHAR AS description
FROM habits
