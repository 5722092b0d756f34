-- one row per holder with a budget on file, with the newest budget and how far it is spent
SELECT *, coalesce(area_name, '') AS area_shown, 'PHB-' || upper(substr(holder_id, 2, 6)) AS holder_shown
FROM shown.holders
ORDER BY holder_shown, holder_id
