-- one row per table of the night's file
SELECT schema_name || '.' || table_name AS name FROM duckdb_tables() WHERE database_name = 'night'
