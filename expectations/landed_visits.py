"""What shifts and visits must be before they are admitted."""

from expectations.shared import EVERY_PERSONS_ROW, SENDER, code_known, complete, day_read, given, not_ahead
from phb_audit.validated.suite import Expectation, Suite

MOST_HOURS = 48

SUITE = Suite(
    "landed.visits",
    (
        *EVERY_PERSONS_ROW,
        given("source_text", "a source"),
        code_known("source_code", "source_text", "The source", severity_code="quarantine"),
        given("visited_on_text", "a day", rule_id="Q-04"),
        day_read("visited_on", "The day"),
        not_ahead("visited_on", "The day"),
        Expectation(
            "hours_told",
            "holds",
            ("hours_count", "starts_text", "ends_text", "hours_text"),
            "quarantine",
            reason="A visit is held against wages and invoices by its hours.",
            problem="Neither times nor hours could be read, or they come to nothing or to more than two days.",
            fix_owner=SENDER,
            rule_ids=("Q-03",),
            parameters={"condition": f"coalesce(hours_count > 0 AND hours_count <= {MOST_HOURS}, false)"},
        ),
        code_known("signed_code", "signed_by_text", "Who signed", severity_code="inform"),
        complete("validated.visits"),
    ),
)
