"""What lines of care plans must be before they are admitted."""

from expectations.shared import (
    CARE,
    EVERY_PERSONS_ROW,
    NO_IDENTITY_IN_TEXT,
    PLAN_ON_FILE,
    amount_read,
    amount_within,
    code_known,
    day_read,
    given,
    in_order,
)
from phb_audit.validated.suite import Expectation, Only, Suite

SUITE = Suite(
    "landed.plan_lines",
    (
        *EVERY_PERSONS_ROW,
        given("plan_version_id", "a plan number and version"),
        PLAN_ON_FILE,
        given("line_ref", "a line number"),
        Expectation(
            "outcome_on_file",
            "known_in",
            ("outcome_id",),
            "quarantine",
            reason="A plan line serves an outcome of the same version.",
            problem="Outcome {outcome_id} is not on file.",
            fix_owner=CARE,
            rule_ids=("Q-02",),
            parameters={"table": "validated.plan_outcomes", "columns": ("outcome_id",)},
            where=(Only("outcome_ref_text"),),
        ),
        Expectation(
            "category_known",
            "known_in",
            ("category_given",),
            "inform",
            reason="A category that is not in the taxonomy cannot be matched; the line is admitted without one, by its words.",
            problem='The category is "{category_given}", which is not in the taxonomy.',
            rule_ids=("Q-07",),
            parameters={"table": "known_categories", "columns": ("code",)},
        ),
        amount_read("amount_pence", "amount_text", "The amount"),
        amount_within("amount_pence", "The amount", least=0, most=1_000_000_00, words="£1,000,000 or below zero"),
        given("amount_text", "an amount", rule_id="Q-03", severity_code="inform"),
        code_known("frequency_code", "frequency_text", "The frequency", severity_code="quarantine"),
        day_read("starts_on", "The first day"),
        day_read("ends_on", "The last day"),
        in_order("starts_on", "ends_on", "The line"),
        amount_read("most_at_once_pence", "most_at_once_text", "The most for one payment"),
        amount_read("alternative_annual_pence", "alternative_cost_text", "The cost of the alternative", severity_code="inform"),
        code_known("evidence_code", "evidence_text", "The evidence wanted", severity_code="inform"),
        NO_IDENTITY_IN_TEXT,
    ),
)
