-- one row: whether accounts stand in for people, as only `--accounts-stand-in` makes such budgets
SELECT count(*) > 0 AS stand_in_holders FROM validated.budgets WHERE holding_code = 'none_on_file'
