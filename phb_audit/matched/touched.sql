-- one row per holder touched: with a new row in any validated table; is_whole where that row bears on payments matched before
CREATE OR REPLACE TEMP TABLE touched_holders AS
WITH touched AS (
    SELECT DISTINCT holder_id, FALSE AS is_whole FROM validated.payments SEMI JOIN open_nights USING (run_id)
    UNION SELECT holder_id, FALSE FROM validated.receipts SEMI JOIN open_nights USING (run_id)
    UNION SELECT holder_id, FALSE FROM validated.receipt_lines SEMI JOIN open_nights USING (run_id)
    UNION SELECT holder_id, FALSE FROM validated.pay_slips SEMI JOIN open_nights USING (run_id)
    UNION SELECT holder_id, FALSE FROM validated.instalments SEMI JOIN open_nights USING (run_id)
    UNION SELECT holder_id, FALSE FROM validated.people SEMI JOIN open_nights USING (run_id)
    UNION SELECT holder_id, TRUE FROM validated.budgets SEMI JOIN open_nights USING (run_id)
    UNION SELECT holder_id, TRUE FROM validated.plans SEMI JOIN open_nights USING (run_id)
    UNION SELECT holder_id, TRUE FROM validated.plan_outcomes SEMI JOIN open_nights USING (run_id)
    UNION SELECT holder_id, TRUE FROM validated.plan_lines SEMI JOIN open_nights USING (run_id)
    UNION SELECT holder_id, TRUE FROM validated.holder_events SEMI JOIN open_nights USING (run_id)
    -- tags a person confirmed since the nights that are matched already
    UNION SELECT split_part(outcome_key, '/', 1), TRUE FROM decided.goal_tags
    WHERE event_number > (SELECT coalesce(max(event_number), 0) FROM nights.carried ANTI JOIN open_nights USING (run_id))
        AND split_part(outcome_key, '/', 1) IN (SELECT holder_id FROM validated.plan_outcomes)
    -- pairs of payment and receipt a person decided on since
    UNION SELECT holder_id, TRUE FROM decided.receipt_pairs
    WHERE event_number > (SELECT coalesce(max(event_number), 0) FROM nights.carried ANTI JOIN open_nights USING (run_id))
    -- a row replaced tonight may have spoken of another holder
    UNION SELECT "row"->>'holder_id', TRUE FROM validated.replaced SEMI JOIN open_nights USING (run_id) WHERE table_name <> 'validated.people'
)
SELECT holder_id, bool_or(is_whole) AS is_whole FROM touched WHERE holder_id IS NOT NULL GROUP BY holder_id
