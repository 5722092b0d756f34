-- one row per row_id of the batch that landed before
SELECT DISTINCT row_id FROM query_table($table) SEMI JOIN batch_rows USING (row_id)
