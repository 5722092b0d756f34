-- One row per flag that stands in a case a person has done something with, with the payment where it is about one.
SELECT f.case_id, f.flag_id, f.title, f.at_stake_pence, f.payment_id, p.payee_shown, p.amount_pence
FROM flagged.findings f SEMI JOIN decided.cases USING (case_id) LEFT JOIN matched.payments p ON p.payment_id = f.payment_id
ORDER BY f.case_id, f.flag_id
