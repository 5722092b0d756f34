"""What the papers behind paid help must be before they are admitted."""

from expectations.shared import EVERY_PERSONS_ROW, code_known, complete, day_read, given, in_order
from phb_audit.validated.suite import Suite

SUITE = Suite(
    "landed.support_records",
    (
        *EVERY_PERSONS_ROW,
        given("record_kind_text", "a kind of paper"),
        code_known("record_code", "record_kind_text", "The kind of paper", severity_code="quarantine"),
        code_known("about_code", "about_text", "Whom it is about", severity_code="inform"),
        day_read("valid_from_on", "The first day"),
        day_read("valid_until_on", "The last day"),
        in_order("valid_from_on", "valid_until_on", "The paper"),
        day_read("seen_on", "The day somebody saw it", severity_code="inform"),
        complete("validated.support_records"),
    ),
)
