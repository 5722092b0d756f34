-- one row: what was learned in the period: exceptions agreed, and cases agreed with the plan to be brought up to date
SELECT (SELECT count(*) FROM decided.exceptions WHERE CAST(left(decided_at, 10) AS DATE) BETWEEN $first_on AND $last_on) AS exceptions_count,
       (SELECT count(*) FROM decided.cases d LEFT JOIN flagged.cases c USING (case_id)
        WHERE d.decision_code = 'agree_update_plan' AND d.state_code = 'agreed' AND NOT coalesce(c.is_restricted, d.rule_ids IS NULL)
          AND CAST(left(d.decided_at, 10) AS DATE) BETWEEN $first_on AND $last_on) AS plans_to_update_count
