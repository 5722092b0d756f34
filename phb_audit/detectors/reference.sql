-- One row per spend line of some days, of so many: those whose ids come first, which is by chance, for an id is a hash.
SELECT payment_id FROM detected.histories WHERE paid_on BETWEEN $from_on AND $to_on ORDER BY payment_id LIMIT $most
