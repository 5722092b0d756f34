-- One row per supplier and category: its strongest of the newest months; the strongest first.
SELECT * FROM detected.drifts
WHERE month_on > date_trunc('month', $as_of::DATE) - to_months($months::INTEGER)
QUALIFY row_number() OVER (PARTITION BY payee_id, category_code ORDER BY beyond_share DESC, month_on DESC) = 1
ORDER BY beyond_share DESC, payee_id, category_code
