"""What lines of receipts and invoices must be before they are admitted."""

from expectations.shared import EVERY_PERSONS_ROW, NO_IDENTITY_IN_TEXT, amount_read, amount_within, complete, day_read, given, not_ahead
from phb_audit.validated.suite import Expectation, Suite

SUITE = Suite(
    "landed.receipts",
    (
        *EVERY_PERSONS_ROW,
        amount_read("total_pence", "total_text", "The total"),
        amount_within("total_pence", "The total"),
        amount_read("line_total_pence", "line_total_text", "The line's total"),
        amount_within("line_total_pence", "The line's total"),
        amount_read("vat_pence", "vat_text", "The VAT", severity_code="inform"),
        day_read("dated_on", "The date printed"),
        not_ahead("dated_on", "The date printed"),
        day_read("received_on", "The day it was received", severity_code="inform"),
        given("total_pence", "a total", rule_id="Q-03", severity_code="inform"),
        Expectation(
            "lines_add_up",
            "between",
            ("lines_difference_pence",),
            "inform",
            reason="A receipt's lines add up to its total; where they do not, a line is missing or misread.",
            problem="The total differs from the sum of its lines by {lines_difference_pence} pence.",
            rule_ids=("Q-09",),
            parameters={"least": 0, "most": 0},
        ),
        NO_IDENTITY_IN_TEXT,
        complete("validated.receipts", "validated.receipt_lines", unless="NOT is_line"),
    ),
)
