-- one row per text answered tonight on which decisions bear: written down, so that only a newer decision asks again
UPDATE classified.strings SET decided_version = decided_tonight.decided_version
FROM decided_tonight
WHERE decided_tonight.string_id = classified.strings.string_id AND classified.strings.decided_version <> decided_tonight.decided_version
