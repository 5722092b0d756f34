"""What outcomes rated, scores and care used must be before they are admitted."""

from expectations.shared import EVERY_PERSONS_ROW, SENDER, code_known, complete, day_read, given, in_order, not_ahead
from phb_audit.validated.suite import Expectation, Suite

SUITE = Suite(
    "landed.outcome_records",
    (
        *EVERY_PERSONS_ROW,
        given("measure_text", "a measure"),
        code_known("measure_code", "measure_text", "The measure", severity_code="quarantine"),
        given("to_on_text", "a day", rule_id="Q-04"),
        day_read("to_on", "The day"),
        not_ahead("to_on", "The day"),
        day_read("from_on", "The first day"),
        in_order("from_on", "to_on", "The time it is about"),
        given("value_text", "a value", rule_id="Q-03"),
        Expectation(
            "value_makes_sense",
            "holds",
            ("measure_code", "value_count", "from_on"),
            "quarantine",
            reason="An outcome is rated from 0 to 1; times and days are whole, not below zero, and of some stretch of days.",
            problem='The value is "{value_text}", which does not fit the measure, or the first day is missing.',
            fix_owner=SENDER,
            rule_ids=("Q-03",),
            parameters={
                "condition": "coalesce(CASE measure_code WHEN 'outcome_met' THEN value_count BETWEEN 0 AND 1 "
                "WHEN 'quality_of_life' THEN value_count IS NOT NULL WHEN 'wellbeing' THEN value_count IS NOT NULL "
                "ELSE value_count >= 0 AND value_count = floor(value_count) AND from_on IS NOT NULL END, false)"
            },
        ),
        complete("validated.outcome_records"),
    ),
)
