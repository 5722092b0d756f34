-- one row: the flags and cases in the queue tonight, whichever night raised them
SELECT (SELECT count(*) FROM flagged.findings WHERE case_id IN (SELECT case_id FROM flagged.cases WHERE is_queued))::BIGINT AS flags_count,
       (SELECT count(*) FROM flagged.cases WHERE is_queued)::BIGINT AS cases_count
