-- One row per month, base, supplier, service and holder, where the month may be compared with enough months before.
WITH paid AS (
    SELECT payee_id, payee_shown, payee_ref, holder_id, amount_pence, paid_on, payment_id, date_trunc('month', paid_on)::DATE AS month_on,
        -- A like service is what the plan calls it, where the purchase fits the plan.
        CASE WHEN match_code = 'fits' THEN coalesce(line_category_code, category_code) ELSE category_code END AS category_code
    FROM matched.payments
    WHERE is_spend AND kind_code = 'purchase' AND amount_pence > 0 AND (match_code = 'fits' OR NOT is_abstained)
        AND paid_on >= $from_on - INTERVAL 13 MONTHS
),
names AS (
    -- Banks cut names, and card firms stand before them.
    SELECT payee_shown, left(regexp_replace(regexp_replace(upper(payee_shown), '^.*\*', ''), '[^A-Z]', '', 'g'), $letters) AS head
    FROM (SELECT DISTINCT payee_shown FROM paid)
),
-- A person is the same person by the pseudonym.
named AS (SELECT paid.*, coalesce(payee_ref, head) AS name_key FROM paid JOIN names USING (payee_shown)),
bought AS (
    SELECT name_key, category_code, holder_id, month_on, quantile_cont(ln(amount_pence), 0.5) AS size,
        sum(amount_pence)::BIGINT AS pence, arg_max(payee_id, (paid_on, payment_id)) AS payee_id,
        arg_max(payee_shown, (paid_on, payment_id)) AS payee_shown
    FROM named
    WHERE name_key <> '' AND category_code NOT IN (SELECT unnest($not_prices))
    GROUP BY ALL
),
dated AS (
    SELECT *, make_date((year(month_on) - CASE WHEN month(month_on) < 4 THEN 1 ELSE 0 END)::INTEGER, 4, 1) AS rose_on FROM bought
)
-- Each month beside the same holder's months before: all of a year, and those since prices last rose.
SELECT now.month_on, bases.base_code, now.name_key, now.category_code, now.holder_id, any_value(now.payee_id) AS payee_id,
    any_value(now.payee_shown) AS payee_shown, any_value(now.size) AS size, any_value(now.pence) AS spent_pence, quantile_cont(was.size, 0.5) AS base_size,
    mad(was.size) AS base_spread, count(*) AS months_count, bool_or(was.month_on < now.rose_on) AS is_across_april
FROM dated now
CROSS JOIN (VALUES ('year'), ('since_april')) AS bases (base_code)
JOIN dated was ON was.holder_id = now.holder_id AND was.name_key = now.name_key AND was.category_code = now.category_code
    AND was.month_on < now.month_on AND was.month_on >= now.month_on - INTERVAL 12 MONTHS
    AND (bases.base_code = 'year' OR was.month_on >= now.rose_on)
WHERE now.month_on BETWEEN date_trunc('month', $from_on::DATE) AND $to_on
GROUP BY now.month_on, bases.base_code, now.name_key, now.category_code, now.holder_id
HAVING count(*) >= $least_months
ORDER BY now.month_on, bases.base_code, now.name_key, now.category_code, now.holder_id
