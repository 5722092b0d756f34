-- one row per flag in asked that a night no longer found: when, and what overtook it
SELECT c.flag_id, max(c.cleared_on) AS cleared_on, arg_max(c.because, (c.cleared_on, c.run_id)) AS because
FROM flagged.cleared c
SEMI JOIN asked USING (flag_id)
WHERE NOT coalesce(c.is_restricted, true)
GROUP BY c.flag_id
ORDER BY c.flag_id
