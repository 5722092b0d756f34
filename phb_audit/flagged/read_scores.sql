-- One row per case and detector that speaks for it, as ranking takes it in.
SELECT case_id, detector_id AS part_name, value_share FROM detected.scores ORDER BY case_id, part_name
