-- one row per month items were raised in, and rule
CREATE VIEW bi.items_by_rule AS
SELECT raised_month_on, rule_id, count(*) AS items_count, count(*) FILTER (is_queued) AS queued_count,
    count(*) FILTER (state_code = 'agreed') AS agreed_count, count(*) FILTER (state_code = 'not_agreed') AS not_agreed_count
FROM (SELECT *, unnest(string_split(rule_ids, '|')) AS rule_id FROM bi.items)
GROUP BY raised_month_on, rule_id
