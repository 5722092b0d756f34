-- One row per flag of a holder that stands, was settled or was cleared.
SELECT f.flag_id, 'flagged' AS verdict, f.rule_id, f.case_id, c.case_ref, f.payment_id, f.sentence, f.is_restricted OR f.is_safeguarding AS is_restricted,
    f.rule_version
FROM flagged.findings f LEFT JOIN flagged.cases c USING (case_id) WHERE f.holder_id = $holder_id
UNION ALL
SELECT flag_id, 'settled', rule_id, NULL, NULL, payment_id, sentence, false, NULL FROM flagged.suppressed WHERE holder_id = $holder_id
UNION ALL
SELECT flag_id, 'cleared', rule_id, NULL, NULL, payment_id, sentence || ' Cleared: ' || because, coalesce(is_restricted, true), NULL
FROM flagged.cleared WHERE holder_id = $holder_id
ORDER BY 2, 3, 1
