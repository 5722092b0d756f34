-- One row per flag that stands in a case a person has done something with.
SELECT f.case_id, f.flag_id, f.title, f.at_stake_pence, f.payment_id FROM flagged.findings f SEMI JOIN decided.cases USING (case_id) ORDER BY f.case_id, f.flag_id
