-- one row per reason of a case in shown_cases that a night no longer found, the newest twelve of each case, and how many there are.
-- A flag is of a case by what makes flags one case (`kinds`: rule_id, title, decides, is_of_payment), or by the case's one payment.
-- Nothing of a case that is read without its reasons, nor of a purchase that is.
WITH gone AS (
    SELECT c.*, coalesce(k.title, c.rule_id) AS title, coalesce(k.is_of_payment, true) AS is_of_payment,
           CASE WHEN coalesce(k.is_of_payment, true) THEN c.payment_id ELSE c.holder_id END AS key,
           left(sha256(coalesce(k.decides, 'payment') || '|' || key), 16) AS key_id
    FROM flagged.cleared c
    LEFT JOIN kinds k USING (rule_id)
    WHERE NOT coalesce(c.is_restricted, true)
      AND c.holder_id IN (SELECT holder_id FROM flagged.cases SEMI JOIN shown_cases USING (case_id))
      AND c.flag_id NOT IN (SELECT flag_id FROM night.flagged.findings)
      AND coalesce(c.payment_id, '') NOT IN (SELECT payment_id FROM drawn.cases WHERE payment_id IS NOT NULL AND decision_code IS NULL)
    QUALIFY row_number() OVER (PARTITION BY c.flag_id ORDER BY c.cleared_on DESC, c.run_id DESC) = 1
), asked AS (
    SELECT case_id, payment_id FROM flagged.cases SEMI JOIN shown_cases USING (case_id) WHERE rule_ids <> 'R-01'
), pairs AS (
    SELECT asked.case_id, gone.flag_id FROM asked JOIN gone ON gone.key_id = asked.case_id
    UNION
    SELECT asked.case_id, gone.flag_id FROM asked JOIN gone USING (payment_id)
    UNION -- a payment that joined the case of another one of the same payee, and is still asked about there
    SELECT asked.case_id, gone.flag_id
    FROM asked
    JOIN flagged.findings f USING (case_id)
    JOIN kinds k ON k.rule_id = f.rule_id AND k.is_of_payment
    JOIN gone ON gone.payment_id = f.payment_id AND gone.is_of_payment
)
SELECT pairs.case_id, gone.rule_id, gone.title, gone.sentence, gone.cleared_on, gone.because,
       count(*) OVER (PARTITION BY pairs.case_id) AS all_count
FROM pairs JOIN gone USING (flag_id)
QUALIFY row_number() OVER (PARTITION BY pairs.case_id ORDER BY gone.cleared_on DESC, gone.flag_id) <= 12
ORDER BY pairs.case_id, gone.cleared_on DESC, gone.flag_id
