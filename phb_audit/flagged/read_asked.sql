-- One row per case of the holders asked for that is not decided, of which an answer was asked for and a question about papers stands.
SELECT case_id, case_ref, holder_id, asked_count, last_due_on
FROM decided.cases SEMI JOIN batch USING (holder_id)
SEMI JOIN (SELECT case_id FROM flagged.findings WHERE family_code = 'A3') AS papers USING (case_id)
WHERE asked_count > 0 AND NOT is_closed
ORDER BY case_id
