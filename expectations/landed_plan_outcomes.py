"""What outcomes of care plans must be before they are admitted."""

from expectations.shared import EVERY_PERSONS_ROW, NO_IDENTITY_IN_TEXT, PLAN_ON_FILE, complete, given
from phb_audit.validated.suite import Suite

SUITE = Suite(
    "landed.plan_outcomes",
    (
        *EVERY_PERSONS_ROW,
        given("plan_version_id", "a plan number and version"),
        PLAN_ON_FILE,
        given("outcome_ref", "an outcome number"),
        NO_IDENTITY_IN_TEXT,
        complete("validated.plan_outcomes"),
    ),
)
