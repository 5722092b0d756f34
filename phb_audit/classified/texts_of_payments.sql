-- one row per payment admitted tonight: the texts that are classified; the head of spend of a return joins the description
CREATE OR REPLACE TEMP TABLE texts_of_payments AS
SELECT payment_id, holder_id, payee_ref, kind_code, amount_pence, payee_text, description, mcc_code,
    substr(sha256(concat(coalesce(payee_text, ''), chr(31), coalesce(description, ''), chr(31), coalesce(mcc_code, ''))), 1, 16) AS string_id
FROM (
    SELECT payment_id, holder_id, payee_ref, kind_code, amount_pence, payee_text, mcc_code,
        CASE WHEN feed_code IN ('managed', 'notional') AND coalesce(type_code, '') <> ''
            THEN trim(concat_ws(' ', type_code, nullif(description, ''))) ELSE description END AS description
    FROM validated.payments
    WHERE run_id = $run_id
)
