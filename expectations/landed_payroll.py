"""What pay slips must be before they are admitted."""

from expectations.shared import EVERY_PERSONS_ROW, amount_read, amount_within, code_known, complete, day_read, given, in_order, not_ahead
from phb_audit.validated.suite import Expectation, Only, Suite

SUITE = Suite(
    "landed.payroll",
    (
        *EVERY_PERSONS_ROW,
        given("employee_id", "an employee"),
        given("net_text", "a net pay", rule_id="Q-03"),
        amount_read("net_pence", "net_text", "The net pay"),
        amount_within("net_pence", "The net pay"),
        amount_read("gross_pence", "gross_text", "The gross pay"),
        amount_read("rate_pence", "rate_text", "The hourly rate", severity_code="inform"),
        Expectation(
            "hours_read",
            "filled",
            ("hours_count",),
            "quarantine",
            reason="Hours are what pay is judged by.",
            problem='The hours are given as "{hours_text}", which is not a number.',
            rule_ids=("Q-03",),
            where=(Only("hours_text"),),
        ),
        given("period_from_text", "a first day of the period", rule_id="Q-04"),
        given("period_to_text", "a last day of the period", rule_id="Q-04"),
        day_read("period_from_on", "The first day of the period"),
        day_read("period_to_on", "The last day of the period"),
        in_order("period_from_on", "period_to_on", "The pay period"),
        day_read("paid_on", "The day of payment"),
        not_ahead("paid_on", "The day of payment"),
        day_read("hmrc_paid_on", "The day HMRC was paid", severity_code="inform"),
        code_known("hours_kind_code", "hours_kind_text", "The kind of hours", severity_code="inform"),
        complete("validated.pay_slips"),
    ),
)
