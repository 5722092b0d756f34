-- one row per event in the care of the holders in shown_holders, the newest sixty of each; without the detail, which is free text
SELECT e.holder_id, e.event_code, e.from_on, e.to_on
FROM validated.holder_events e SEMI JOIN shown_holders USING (holder_id)
QUALIFY row_number() OVER (PARTITION BY e.holder_id ORDER BY e.from_on DESC, e.event_id) <= 60
ORDER BY e.holder_id, e.from_on DESC, e.event_id
