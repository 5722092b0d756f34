-- One row per event in a holder's care, of the holders asked for.
SELECT * FROM validated.holder_events SEMI JOIN batch USING (holder_id) ORDER BY event_id
