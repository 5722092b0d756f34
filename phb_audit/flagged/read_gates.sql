-- One row per feed and rule of family A8 behind its checks: rows that stand refused, rows noticed tonight, and files that came again tonight.
WITH seen AS (
    SELECT feed_code, unnest(string_split(rule_ids, '|')) AS rule_id, 'refused' AS what, row_id AS thing_id, amount_pence AS pence, file_name, fix_owner
    FROM validated.quarantine WHERE state_code = 'open' AND rule_ids <> ''
    UNION ALL
    SELECT feed_code, unnest(string_split(rule_ids, '|')), 'noticed', row_id, 0, file_name, fix_owner
    FROM validated.notices WHERE run_id = $run_id AND rule_ids <> '' AND table_name NOT IN ('landed.files', 'landed.feeds')
    UNION ALL
    -- A file that still lies where it was taken from on an earlier night did not come again.
    SELECT feed_code, 'Q-05', 'again', file_id, pence_repeated, file_name, NULL FROM landed.files f
    WHERE run_id = $run_id AND state_code = 'repeat'
        AND NOT EXISTS (SELECT 1 FROM landed.files e WHERE e.file_id = f.file_id AND e.file_name = f.file_name AND e.run_id < f.run_id)
),
-- A row refused on several nights is one row.
things AS (
    SELECT feed_code, rule_id, what, thing_id, max(pence) AS pence, min(file_name) AS file_name, min(fix_owner) AS fix_owner FROM seen GROUP BY ALL
)
SELECT feed_code, rule_id,
    count(*) FILTER (what = 'refused') AS refused_count,
    count(*) FILTER (what = 'noticed') AS noticed_count,
    count(*) FILTER (what = 'again') AS again_count,
    coalesce(sum(pence), 0)::BIGINT AS at_stake_pence,
    count(DISTINCT file_name) AS files_count,
    string_agg(DISTINCT fix_owner, ' or ' ORDER BY fix_owner) AS fix_owner
FROM things GROUP BY feed_code, rule_id ORDER BY feed_code, rule_id
