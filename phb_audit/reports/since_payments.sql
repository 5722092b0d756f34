-- one row: lines of one holder admitted after a night: those of its day or before, what they come to, and those of later days
SELECT count(*) FILTER (WHERE paid_on <= $as_of)::BIGINT, coalesce(sum(amount_pence) FILTER (WHERE paid_on <= $as_of), 0)::BIGINT,
    count(*) FILTER (WHERE paid_on > $as_of)::BIGINT
FROM validated.payments WHERE holder_id = $holder_id AND run_id > $last
