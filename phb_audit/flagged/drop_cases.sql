-- Removes the cases of tonight's holders.
DELETE FROM flagged.cases WHERE holder_id IN (SELECT holder_id FROM tonight)
