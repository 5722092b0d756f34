-- one row per receipt of a paper matched tonight: how many receipts, and of how many holders, carry that paper
UPDATE matched.receipts AS receipts
SET times_used_count = papers.times_used_count, holders_count = papers.holders_count
FROM (
    SELECT sameness_id, count(*) AS times_used_count, count(DISTINCT holder_id) AS holders_count
    FROM matched.receipts
    WHERE sameness_id IN (SELECT sameness_id FROM matched.receipts WHERE run_id = $run_id)
    GROUP BY sameness_id
    HAVING count(*) > 1
) AS papers
WHERE receipts.sameness_id = papers.sameness_id
  AND (receipts.times_used_count, receipts.holders_count) IS DISTINCT FROM (papers.times_used_count, papers.holders_count)
