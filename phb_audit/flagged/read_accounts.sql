-- One row per account of the holders asked for.
SELECT * FROM matched.accounts SEMI JOIN batch USING (holder_id) ORDER BY account_id
