-- One row per flag that stays as an earlier night left it.
SELECT f.* FROM flagged.findings f SEMI JOIN staying USING (flag_id) ORDER BY flag_id
