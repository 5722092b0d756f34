-- one row per landed row of a batch, in its order: the first 16 hex digits of the SHA-256 of its content
SELECT left(sha256(content), 16) AS row_id FROM batch_contents
