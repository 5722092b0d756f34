-- one row per published night and file it landed or recognised
SELECT runs.run_id, runs.as_of_on, coalesce(carried.event_number, 0) AS event_number,
    coalesce(carried.classifier, 'shipped') AS classifier, files.file_id, files.file_name
FROM nights.runs AS runs
JOIN landed.files AS files USING (run_id)
LEFT JOIN nights.carried AS carried USING (run_id)
WHERE runs.state_code = 'published'
ORDER BY runs.as_of_on, files.file_name, files.file_id
