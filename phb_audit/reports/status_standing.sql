-- one row: the flags and cases that stand tonight, whichever night raised them
SELECT (SELECT count(*) FROM flagged.findings)::BIGINT AS flags_count, (SELECT count(*) FROM flagged.cases)::BIGINT AS cases_count
