-- one row per closed case about one purchase of the warehouse: its reference and what was bought
SELECT c.case_id, c.case_ref, p.category_code
FROM flagged.cases c JOIN matched.payments p USING (payment_id)
ORDER BY c.case_id
