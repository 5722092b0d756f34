-- One row per case a person has done something with.
SELECT * FROM decided.cases ORDER BY case_id
