"""What monitoring returns must be before they are admitted."""

from expectations.shared import EVERY_PERSONS_ROW, amount_read, complete, day_read, given, in_order, not_ahead
from phb_audit.validated.suite import Suite

SUITE = Suite(
    "landed.monitoring_returns",
    (
        *EVERY_PERSONS_ROW,
        given("period_from_text", "a first day", rule_id="Q-04"),
        day_read("period_from_on", "The first day of the period"),
        given("period_to_text", "a last day", rule_id="Q-04"),
        day_read("period_to_on", "The last day of the period"),
        not_ahead("period_to_on", "The last day of the period"),
        in_order("period_from_on", "period_to_on", "The period"),
        given("opening_text", "a balance at the start", rule_id="Q-03"),
        given("closing_text", "a balance at the end", rule_id="Q-03"),
        amount_read("opening_pence", "opening_text", "The sum for balance at the start"),
        amount_read("received_pence", "received_text", "The sum for direct payments received"),
        amount_read("other_income_pence", "other_income_text", "The sum for other money in", severity_code="inform"),
        amount_read("wages_pence", "wages_text", "The sum for net wages", severity_code="inform"),
        amount_read("hmrc_pence", "hmrc_text", "The sum for HMRC", severity_code="inform"),
        amount_read("pension_pence", "pension_text", "The sum for pension", severity_code="inform"),
        amount_read("agency_pence", "agency_text", "The sum for agencies", severity_code="inform"),
        amount_read("equipment_pence", "equipment_text", "The sum for equipment", severity_code="inform"),
        amount_read("activity_pence", "activity_text", "The sum for activities", severity_code="inform"),
        amount_read("other_spend_pence", "other_spend_text", "The sum for other spending", severity_code="inform"),
        amount_read("charges_pence", "charges_text", "The sum for bank charges", severity_code="inform"),
        amount_read("closing_pence", "closing_text", "The sum for balance at the end"),
        amount_read("statement_balance_pence", "statement_balance_text", "The sum for balance on the statement"),
        amount_read("unpaid_wages_pence", "unpaid_wages_text", "The sum for unpaid wages", severity_code="inform"),
        amount_read("unpaid_invoices_pence", "unpaid_invoices_text", "The sum for unpaid invoices", severity_code="inform"),
        amount_read("contingency_pence", "contingency_text", "The sum for contingency held", severity_code="inform"),
        day_read("received_on", "The day it came", severity_code="inform"),
        day_read("due_on", "The day it was due", severity_code="inform"),
        complete("validated.monitoring_returns"),
    ),
)
