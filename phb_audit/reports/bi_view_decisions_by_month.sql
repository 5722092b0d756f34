-- one row per month of the last move, and state
CREATE VIEW bi.decisions_by_month AS
SELECT decided_month_on, state_code, count(*) AS items_count, median(days_to_decide) AS median_days, sum(at_stake_pence)::BIGINT AS at_stake_pence
FROM bi.items
WHERE decided_month_on IS NOT NULL
GROUP BY decided_month_on, state_code
