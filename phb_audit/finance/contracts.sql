-- one row per service by contract, or cost beside a budget, that began up to $last_on
SELECT contract_id, holder_id, contract_ref, supplier_name, kind_code, category_code, amount_pence, frequency_code, annual_pence, starts_on,
    ends_on, paid_to_on
FROM validated.contracts
WHERE starts_on <= $last_on
ORDER BY contract_id
