-- One row per story of tonight's holders: removed, so that tonight's take their place.
DELETE FROM flagged.stories WHERE holder_id IN (SELECT holder_id FROM tonight)
