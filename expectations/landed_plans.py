"""What versions of care plans must be before they are admitted."""

from expectations.shared import EVERY_PERSONS_ROW, code_known, complete, day_read, given, in_order
from phb_audit.validated.suite import Suite

SUITE = Suite(
    "landed.plans",
    (
        *EVERY_PERSONS_ROW,
        given("plan_ref", "a plan number"),
        given("version", "a version number"),
        code_known("status_code", "status_text", "The status", severity_code="quarantine"),
        given("effective_from_text", "a first day in force", rule_id="Q-04"),
        day_read("effective_from_on", "The first day in force"),
        day_read("effective_to_on", "The last day in force"),
        in_order("effective_from_on", "effective_to_on", "The version"),
        day_read("approved_on", "The day it was signed off", severity_code="inform"),
        day_read("review_due_on", "The day the review is due", severity_code="inform"),
        complete("validated.plans"),
    ),
)
