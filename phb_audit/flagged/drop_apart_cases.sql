-- One row per case of another lane of tonight's holders: removed, so that tonight's take their place.
DELETE FROM apart.cases WHERE holder_id IN (SELECT holder_id FROM tonight)
