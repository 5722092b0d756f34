-- one row per owner and reason of all open refused rows, what was quoted and days taken out of the reason: rows, those of tonight, pence
SELECT
    fix_owner,
    regexp_replace(reason, '"[^"]*"|[0-9]{4}-[0-9]{2}-[0-9]{2}', '...', 'g') AS reason,
    count(*)::BIGINT AS rows_count,
    count(*) FILTER (WHERE run_id = $run_id)::BIGINT AS tonight_count,
    sum(amount_pence)::BIGINT AS amount_pence
FROM validated.quarantine
WHERE state_code = 'open'
GROUP BY ALL
ORDER BY fix_owner, rows_count DESC, reason
