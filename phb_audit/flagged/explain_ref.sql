-- One row per meaning of a reference, of the lanes in sees: a case, a flag (standing, settled or cleared), a payment or a receipt.
SELECT 'case' AS kind_code, case_id AS thing_id, holder_id, payment_id FROM flagged.cases WHERE case_ref = upper($ref) OR case_id = $ref
UNION ALL SELECT 'flag', flag_id, holder_id, payment_id FROM flagged.findings WHERE flag_id = $ref
UNION ALL SELECT 'case', case_id, holder_id, payment_id FROM apart.cases SEMI JOIN sees USING (lane_code) WHERE case_ref = upper($ref) OR case_id = $ref
UNION ALL SELECT 'flag', flag_id, holder_id, payment_id FROM apart.findings SEMI JOIN sees USING (lane_code) WHERE flag_id = $ref
UNION ALL SELECT 'flag', flag_id, holder_id, payment_id FROM flagged.suppressed WHERE flag_id = $ref
UNION ALL SELECT 'payment', payment_id, holder_id, payment_id FROM matched.payments WHERE payment_id = $ref
UNION ALL SELECT 'receipt', receipt_id, holder_id, payment_id FROM matched.receipts WHERE receipt_id = $ref
UNION ALL (SELECT 'cleared flag', flag_id, holder_id, payment_id FROM flagged.cleared
    WHERE flag_id = $ref AND NOT coalesce(is_restricted, true) ORDER BY run_id DESC LIMIT 1)
UNION ALL (SELECT 'cleared flag', flag_id, holder_id, payment_id FROM apart.cleared SEMI JOIN sees USING (lane_code)
    WHERE flag_id = $ref ORDER BY run_id DESC LIMIT 1)
LIMIT 1
