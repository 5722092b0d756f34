-- One row per case in asked and set of facts that would clear it.
SELECT case_id, set_number, words FROM flagged.clearings JOIN asked USING (case_id) ORDER BY case_id, set_number
