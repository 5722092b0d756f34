"""What matching must leave behind: post-conditions, so a failure stops the night."""

from expectations.shared import OPERATOR, condition
from phb_audit.validated.suite import Expectation, Suite

SUITE = Suite(
    "matched.payments",
    (
        Expectation(
            "payment_filled",
            "filled",
            ("payment_id",),
            "stop",
            reason="Every matched row is a payment.",
            problem="A matched row names no payment.",
            fix_owner=OPERATOR,
        ),
        Expectation(
            "payment_once",
            "unique",
            ("payment_id",),
            "stop",
            reason="A payment is matched once; twice would count its money twice.",
            problem="A payment was matched twice.",
            fix_owner=OPERATOR,
        ),
        Expectation(
            "strength_is_share",
            "between",
            ("match_share",),
            "stop",
            reason="The strength of a match runs from 0 to 1.",
            problem="A strength is not between 0 and 1.",
            fix_owner=OPERATOR,
            parameters={"least": 0, "most": 1},
        ),
        condition(
            "line_within_version",
            ("plan_line_id", "plan_version_id"),
            "plan_line_id IS NULL OR (plan_version_id IS NOT NULL AND starts_with(plan_line_id, plan_version_id || '/'))",
            "stop",
            reason="A payment is held against a line of the version in force on its day, never of another.",
            problem="A payment was matched to a line of another plan version.",
            owner=OPERATOR,
        ),
        condition(
            "hold_is_no_spend",
            ("is_spend", "kind_code"),
            "NOT is_spend OR kind_code NOT IN ('authorisation', 'declined', 'reversed')",
            "stop",
            reason="A hold, a refusal and a reversal are never spend.",
            problem="A hold, a refusal or a reversal was counted as spend.",
            rule_ids=("Q-06",),
            owner=OPERATOR,
        ),
    ),
    key="payment_id",
)
