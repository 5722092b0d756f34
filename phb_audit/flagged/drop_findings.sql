-- Removes the flags of tonight's holders, so that tonight's take their place.
DELETE FROM flagged.findings WHERE holder_id IN (SELECT holder_id FROM tonight)
