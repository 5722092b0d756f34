-- One row per case of tonight's holders: removed, so that tonight's take their place.
DELETE FROM flagged.cases WHERE holder_id IN (SELECT holder_id FROM tonight)
