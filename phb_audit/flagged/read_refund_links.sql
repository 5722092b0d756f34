-- One row per refund of the holders asked for and purchase it gives money back for, or may.
SELECT * FROM matched.refund_links SEMI JOIN batch USING (holder_id) ORDER BY refund_id, purchase_id
