-- one row per account of tonight's payments that no budget names: its stand-in holder is made of the account's own pseudonym
WITH first_lines AS (
    SELECT
        account_ref,
        min_by(holder_ref, (file_id, line_number)) FILTER (holder_ref LIKE 'H%') AS holder_ref,
        min_by(row_id, (file_id, line_number)) AS row_id,
        min_by(file_id, (file_id, line_number)) AS file_id,
        min_by(line_number, (file_id, line_number)) AS line_number,
        min_by(feed_code, (file_id, line_number)) AS feed_code
    FROM landed.payments
    WHERE run_id = $run_id AND nullif(trim(account_ref), '') IS NOT NULL
    GROUP BY account_ref
)
SELECT
    'G' || row_id AS budget_id,
    $run_id AS run_id,
    file_id,
    line_number,
    row_id,
    coalesce(holder_ref, 'H' || left(substr(account_ref, 2) || md5(account_ref), 16)) AS holder_id,
    account_ref AS account_id,
    'none_on_file' AS holding_code,
    feed_code AS account_kind_code,
    NULL::VARCHAR AS care_group_code,
    NULL::VARCHAR AS area_name,
    NULL::VARCHAR AS age_band,
    NULL::BIGINT AS annual_pence,
    NULL::DATE AS starts_on,
    NULL::DATE AS ends_on,
    NULL::DATE AS agreement_signed_on,
    NULL::DATE AS last_audit_on
FROM first_lines
WHERE account_ref NOT IN (SELECT account_id FROM validated.budgets WHERE account_id IS NOT NULL)
ORDER BY account_id
