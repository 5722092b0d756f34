-- One row per flag of another lane of tonight's holders: removed, so that tonight's take their place.
DELETE FROM apart.findings WHERE holder_id IN (SELECT holder_id FROM tonight)
