-- one row for the payment of a case, with what it was read as, from what, and what would change that
SELECT p.category_because, p.would_change, p.set_codes, p.second_code, p.category_code, p.mcc_code, p.is_abstained,
       CASE WHEN p.payee_ref IS NULL THEN p.description END AS bank_words
FROM flagged.cases c
JOIN matched.payments p USING (payment_id)
WHERE c.case_id = $case_id
