-- One row per case in the queue, in the order of the list: its flags, and whether what would clear it is to be worked out.
SELECT c.case_id, c.holder_id, c.at_stake_pence, list(f.flag_id ORDER BY f.flag_id) AS flag_ids, list(f.rule_id ORDER BY f.flag_id) AS rule_ids,
       c.run_id = $run_id OR c.case_id NOT IN (SELECT case_id FROM flagged.clearings) AS is_due
FROM flagged.cases c JOIN flagged.findings f USING (case_id)
WHERE c.is_queued
GROUP BY c.case_id, c.holder_id, c.at_stake_pence, c.run_id, c.rank
ORDER BY c.rank, c.case_id
