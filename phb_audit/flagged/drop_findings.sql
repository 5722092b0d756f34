-- One row per flag of tonight's holders: removed, so that tonight's take their place.
DELETE FROM flagged.findings WHERE holder_id IN (SELECT holder_id FROM tonight)
