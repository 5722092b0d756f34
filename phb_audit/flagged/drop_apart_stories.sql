-- One row per story of another lane of tonight's holders: removed, so that tonight's take their place.
DELETE FROM apart.stories WHERE holder_id IN (SELECT holder_id FROM tonight)
