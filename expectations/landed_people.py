"""What people connected with a budget must be before they are admitted."""

from expectations.shared import EVERY_PERSONS_ROW, code_known, complete, day_read, given
from phb_audit.validated.suite import Suite

SUITE = Suite(
    "landed.people",
    (
        *EVERY_PERSONS_ROW,
        given("person_ref", "a name", severity_code="inform"),
        code_known("role_code", "role_text", "The role", severity_code="inform"),
        day_read("paid_care_approved_on", "The day paid care was agreed"),
        complete("validated.people"),
    ),
)
