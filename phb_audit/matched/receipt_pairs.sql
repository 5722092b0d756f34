-- one row per purchase and receipt of one holder that could belong together by day and amount, by number, or as a person said
WITH tokens AS (
    -- runs of four digits and more that are no year: what payments and invoices can have in common
    SELECT DISTINCT words_idx, ltrim(token, '0') AS token
    FROM (SELECT words_idx, unnest(regexp_extract_all(words, '[0-9]{4,}')) AS token FROM words_now)
    WHERE NOT regexp_matches(token, '^(19|20)[0-9]{2}$')
),
numbers AS (
    SELECT DISTINCT receipt_id, holder_idx, ltrim(token, '0') AS token
    FROM (SELECT receipt_id, holder_idx, unnest(regexp_extract_all(invoice_number, '[0-9]{4,}')) AS token FROM receipts_now)
    WHERE NOT regexp_matches(token, '^(19|20)[0-9]{2}$')
),
quoted AS (
    SELECT DISTINCT paid.payment_id, numbers.receipt_id
    FROM numbers
    JOIN tokens ON tokens.token = numbers.token
    JOIN purchases_now AS paid ON paid.holder_idx = numbers.holder_idx AND paid.words_idx = tokens.words_idx
),
met AS (
    SELECT paid.payment_id, receipt.receipt_id
    FROM receipts_now AS receipt
    JOIN purchases_now AS paid ON paid.holder_idx = receipt.holder_idx AND paid.amount_pence = receipt.total_pence
    WHERE coalesce(receipt.dated_on, receipt.received_on) BETWEEN paid.paid_on - $far_days AND paid.paid_on + $far_days
    UNION
    SELECT paid.payment_id, receipt.receipt_id
    FROM (
        -- days in spans as long as the window: the purchases of a receipt lie in one span or in two
        SELECT *, unnest(list_distinct([(dated_on - $close_days - DATE '1900-01-01') // (2 * $close_days + 1),
            (dated_on + $close_days - DATE '1900-01-01') // (2 * $close_days + 1)])) AS span
        FROM receipts_now WHERE dated_on IS NOT NULL
    ) AS receipt
    JOIN (SELECT *, (paid_on - DATE '1900-01-01') // (2 * $close_days + 1) AS span FROM purchases_now) AS paid
        ON paid.holder_idx = receipt.holder_idx AND paid.span = receipt.span
    WHERE receipt.dated_on BETWEEN paid.paid_on - $close_days AND paid.paid_on + $close_days
      AND paid.amount_pence <> receipt.total_pence
      AND abs(paid.amount_pence - receipt.total_pence) <= greatest($small_pence, $near_share * paid.amount_pence)
    UNION SELECT payment_id, receipt_id FROM quoted
    UNION SELECT payment_id, receipt_id FROM decided_now WHERE is_together
),
pairs AS (
    SELECT paid.payment_id, receipt.receipt_id, paid.name_idx, receipt.supplier_idx, paid.amount_pence, receipt.total_pence,
        paid.paid_on, receipt.dated_on, receipt.received_on, quoted.payment_id IS NOT NULL AS has_reference,
        decided.is_together IS NOT DISTINCT FROM TRUE AS is_confirmed
    FROM met
    JOIN purchases_now AS paid ON paid.payment_id = met.payment_id
    JOIN receipts_now AS receipt ON receipt.receipt_id = met.receipt_id
    LEFT JOIN quoted ON quoted.payment_id = met.payment_id AND quoted.receipt_id = met.receipt_id
    LEFT JOIN decided_now AS decided ON decided.payment_id = met.payment_id AND decided.receipt_id = met.receipt_id
    WHERE (receipt.is_open OR paid.is_open OR paid.is_held) AND decided.is_together IS DISTINCT FROM FALSE
),
likeness AS (
    SELECT name_idx, supplier_idx,
        CASE WHEN starts_with(supplier_key, payee_name) OR starts_with(payee_name, supplier_key) OR contains(payee_name, supplier_key) THEN 1.0
             ELSE jaro_winkler_similarity(payee_name, supplier_key) END AS likeness_share
    FROM (SELECT DISTINCT name_idx, supplier_idx FROM pairs)
    JOIN (SELECT * FROM names_now WHERE payee_name <> '') USING (name_idx)
    JOIN (SELECT * FROM suppliers_now WHERE supplier_key <> '') USING (supplier_idx)
),
aliases AS (
    SELECT name_idx, supplier_idx
    FROM decided.supplier_aliases
    JOIN names_now USING (payee_name)
    JOIN suppliers_now USING (supplier_key)
)
SELECT pairs.payment_id, pairs.receipt_id, pairs.amount_pence, pairs.total_pence - pairs.amount_pence AS difference_pence,
    datediff('day', pairs.paid_on, pairs.dated_on) AS receipt_days,
    datediff('day', pairs.paid_on, pairs.received_on) AS received_days,
    likeness.likeness_share, aliases.name_idx IS NOT NULL AS is_alias, pairs.has_reference, pairs.is_confirmed
FROM pairs
LEFT JOIN likeness USING (name_idx, supplier_idx)
LEFT JOIN aliases USING (name_idx, supplier_idx)
