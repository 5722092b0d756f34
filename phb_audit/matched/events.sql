-- one row per event in a holder's care of the holders in holders_now
SELECT holder_idx, holder_id, event_code, from_on, to_on
FROM validated.holder_events JOIN holders_now USING (holder_id)
