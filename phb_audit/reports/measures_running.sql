-- one row: whether a register of contracts was ever admitted
SELECT count(*) > 0 AS is_sent FROM validated.contracts
