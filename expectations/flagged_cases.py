"""What the queue of cases must be: post-conditions, so a failure stops the night."""

from expectations.shared import OPERATOR
from phb_audit.validated.suite import Expectation, Suite

SUITE = Suite(
    "flagged.cases",
    (
        Expectation(
            "case_once",
            "unique",
            ("case_id",),
            "stop",
            reason="A thing is decided once.",
            problem="A case is there twice.",
            fix_owner=OPERATOR,
        ),
        Expectation(
            "reference_once",
            "unique",
            ("case_ref",),
            "stop",
            reason="People name a case by its reference.",
            problem="Two cases share a reference.",
            fix_owner=OPERATOR,
        ),
        Expectation(
            "case_holds_flags",
            "between",
            ("flags_count",),
            "stop",
            reason="A case is made of flags.",
            problem="A case holds no flag.",
            fix_owner=OPERATOR,
            parameters={"least": 1},
        ),
    ),
    key="case_id",
)
