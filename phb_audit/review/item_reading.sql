-- one row for the payment of each case in shown_cases that has one, with what it was read as, from what, and what would change that
SELECT c.case_id, p.category_because, p.would_change, p.set_codes, p.second_code, p.category_code, p.mcc_code, p.is_abstained,
       CASE WHEN p.payee_ref IS NULL THEN p.description END AS bank_words
FROM flagged.cases c
SEMI JOIN shown_cases USING (case_id)
JOIN matched.payments p USING (payment_id)
