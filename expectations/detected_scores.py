"""What detectors say of cases must be: post-conditions, so a failure stops the night."""

from expectations.shared import OPERATOR
from phb_audit.validated.suite import Expectation, Suite

SUITE = Suite(
    "detected.scores",
    (
        Expectation(
            "value_is_share",
            "between",
            ("value_share",),
            "stop",
            reason="How strongly a detector speaks runs from 0 to 1.",
            problem="A detector speaks more strongly than it can.",
            fix_owner=OPERATOR,
            parameters={"least": 0, "most": 1},
        ),
    ),
    key="case_id",
)
