-- one row per earlier purchase of the holders in holders_now that fits a one-off line strongly and stands
SELECT holder_idx, earlier_items.* EXCLUDE (holder_id) FROM earlier_items JOIN holders_now USING (holder_id)
