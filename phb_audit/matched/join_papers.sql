-- one row per receipt known by one of the papers that were found alike: it is known by the paper that came first
UPDATE matched.receipts AS receipts
SET sameness_id = papers_now.first_id, is_alike = TRUE
FROM papers_now
WHERE receipts.sameness_id = papers_now.sameness_id
