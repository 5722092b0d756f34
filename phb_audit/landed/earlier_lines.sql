-- one row per landed payment of the wanted ids
SELECT p.* FROM landed.payments p SEMI JOIN wanted_ids USING (row_id)
