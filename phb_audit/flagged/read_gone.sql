-- One row per flag that was seen in a case and is no longer found: as a night cleared it, with the payment where it is about one.
SELECT DISTINCT c.flag_id, c.rule_id, p.payee_shown, p.amount_pence
FROM flagged.cleared c LEFT JOIN matched.payments p USING (payment_id)
WHERE NOT coalesce(c.is_restricted, true) AND c.holder_id IN (SELECT holder_id FROM decided.cases WHERE is_closed)
