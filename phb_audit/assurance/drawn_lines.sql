-- one row per purchase drawn by chance on this or an earlier night, or read without its reasons, with what a reader sees of it
WITH found AS (
    SELECT payment_id, min(run_id) AS first_run_id, min(drawn_on) AS drawn_on, false AS is_kept_back, NULL AS case_id FROM drawn.draws
    WHERE run_id <= $run_id AND payment_id NOT IN (SELECT payment_id FROM flagged.findings WHERE payment_id IS NOT NULL)
    GROUP BY payment_id
    UNION ALL
    SELECT k.payment_id, k.run_id, c.first_flagged_on, true, k.case_id FROM drawn.reasons_kept_back k
    JOIN flagged.cases c ON c.case_id = k.case_id AND c.is_queued AND c.decision_code IS NULL
    WHERE k.run_id <= $run_id
      -- Where another case or a story tells of it, its reader would know it was not drawn by chance: it shows its reasons from now on.
      AND k.payment_id NOT IN (SELECT payment_id FROM flagged.findings WHERE payment_id IS NOT NULL AND case_id <> k.case_id)
      AND c.case_ref NOT IN (SELECT unnest(string_split(case_refs, '|')) FROM flagged.stories)
)
SELECT f.payment_id, f.first_run_id, f.drawn_on, f.is_kept_back, f.case_id, p.holder_id, p.paid_on, p.amount_pence, p.payee_shown, p.match_code,
       p.plan_line_words, p.outcome_words, p.has_any_plan, p.plan_version_id, p.plan_line_id
FROM found f JOIN matched.payments p USING (payment_id)
ORDER BY f.payment_id
