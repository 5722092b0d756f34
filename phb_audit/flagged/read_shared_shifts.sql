-- One row per shift of a holder asked for during which the same person, by National Insurance number, was on a shift for another holder.
WITH numbers AS (SELECT DISTINCT holder_id, employee_id, ni_ref FROM validated.pay_slips WHERE ni_ref IS NOT NULL),
two AS (SELECT ni_ref FROM numbers GROUP BY ni_ref HAVING count(DISTINCT holder_id) > 1),
shifts AS (
    SELECT v.visit_id, v.holder_id, v.employee_id, v.visited_on, n.ni_ref, v.starts_minute, v.ends_minute
    FROM validated.visits v JOIN numbers n USING (holder_id, employee_id) SEMI JOIN two USING (ni_ref)
    WHERE v.visited_on >= $from_on AND v.source_code = 'timesheet' AND v.starts_minute IS NOT NULL AND v.ends_minute IS NOT NULL
)
SELECT a.visit_id, a.holder_id, a.employee_id, a.visited_on, a.starts_minute, a.ends_minute,
    max(least(a.ends_minute, b.ends_minute) - greatest(a.starts_minute, b.starts_minute)) AS both_minutes
FROM (SELECT * FROM shifts SEMI JOIN batch USING (holder_id)) a
JOIN shifts b ON a.ni_ref = b.ni_ref AND a.holder_id <> b.holder_id AND a.visited_on = b.visited_on
    AND a.starts_minute < b.ends_minute AND b.starts_minute < a.ends_minute
GROUP BY ALL ORDER BY a.visit_id
