-- one row per asked receipt, with how often its paper is on file, and whether it came as a picture or a PDF whose original is kept
SELECT r.*, coalesce(m.times_used_count, 0) AS times_used_count, coalesce(r.image_hash = r.file_id, false) AS is_paper
FROM validated.receipts r
SEMI JOIN asked USING (receipt_id)
LEFT JOIN matched.receipts m USING (receipt_id)
