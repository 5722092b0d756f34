-- One row per closed case, as a lesson about the flags that were seen, decided by the day.
SELECT * FROM decided.judgements WHERE decided_on <= $as_of ORDER BY event_number
