-- One row per set of things that would clear one of the cases in shown_cases.
SELECT c.case_id, c.set_number, c.words FROM flagged.clearings c JOIN shown_cases USING (case_id) ORDER BY c.case_id, c.set_number
