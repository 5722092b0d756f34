"""What the classifier must leave behind: post-conditions, so a failure stops the night."""

from expectations.shared import OPERATOR
from phb_audit.validated.suite import Expectation, Suite

SUITE = Suite(
    "classified.payments",
    (
        Expectation(
            "payment_once",
            "unique",
            ("payment_id",),
            "stop",
            reason="A payment has one category.",
            problem="A payment was classified twice.",
            fix_owner=OPERATOR,
        ),
        Expectation(
            "probability_is_share",
            "between",
            ("probability_share",),
            "stop",
            reason="How sure the classifier is runs from 0 to 1.",
            problem="A probability is not between 0 and 1.",
            fix_owner=OPERATOR,
            parameters={"least": 0, "most": 1},
        ),
    ),
    key="payment_id",
)
