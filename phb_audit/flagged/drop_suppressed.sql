-- Removes what was settled for tonight's holders.
DELETE FROM flagged.suppressed WHERE holder_id IN (SELECT holder_id FROM tonight)
