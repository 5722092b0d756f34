-- one row per payment admitted on a night: the texts that are classified, '' for none; the head of spend of a return joins the description
CREATE OR REPLACE TEMP MACRO texts_of_payments(night) AS TABLE
SELECT payment_id, holder_id, payee_ref, kind_code, amount_pence, coalesce(payee_text, '') AS payee, coalesce(mcc_code, '') AS code,
    CASE WHEN feed_code IN ('managed', 'notional') AND coalesce(type_code, '') <> ''
        THEN trim(concat_ws(' ', type_code, nullif(description, ''))) ELSE coalesce(description, '') END AS words
FROM validated.payments
WHERE run_id = night
