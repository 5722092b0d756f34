-- One row per settled flag of tonight's holders: removed, so that tonight's take their place.
DELETE FROM flagged.suppressed WHERE holder_id IN (SELECT holder_id FROM tonight)
