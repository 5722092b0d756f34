-- one row: the first case of the queue about a purchase that ordinary reports may show, or about another payment where there is none
SELECT c.case_ref
FROM flagged.cases c JOIN matched.payments p USING (payment_id)
WHERE c.is_queued AND NOT c.is_restricted AND c.case_id NOT IN (SELECT case_id FROM drawn.cases)
ORDER BY p.kind_code <> 'purchase', c.rank
LIMIT 1
