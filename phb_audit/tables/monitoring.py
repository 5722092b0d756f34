"""Monitoring returns: what a holder or their agent says of an account for a period, as it came and as it was admitted."""

from phb_audit.tables.describe import ORIGIN, PROVENANCE, Table, money, on, text, yes_no
from phb_audit.tables.landed import ACCOUNT_REF, HOLDER_REF
from phb_audit.tables.validated import HOLDER

LANDED_RETURNS = Table(
    "landed.monitoring_returns",
    "monitoring return: a period of one account, in sums",
    (
        *PROVENANCE,
        HOLDER_REF,
        ACCOUNT_REF,
        text("period_from_text", "First day of the period"),
        text("period_to_text", "Last day of the period"),
        text("opening_text", "Balance at the start of the period"),
        text("received_text", "Direct payments received"),
        text("other_income_text", "Other money in"),
        text("wages_text", "Net wages paid"),
        text("hmrc_text", "Paid to HMRC"),
        text("pension_text", "Paid to pension"),
        text("agency_text", "Paid to agencies"),
        text("equipment_text", "Spent on equipment"),
        text("activity_text", "Spent on activities"),
        text("other_spend_text", "Other spending"),
        text("charges_text", "Bank charges"),
        text("closing_text", "Balance at the end of the period"),
        text("statement_balance_text", "Balance on the bank statement of the last day"),
        text("unpaid_wages_text", "Wages earned and not paid yet"),
        text("unpaid_invoices_text", "Invoices due and not paid yet"),
        text("contingency_text", "Held as agreed contingency"),
        text("received_on_text", "Day the return reached the commissioner"),
        text("due_on_text", "Day it was due"),
        text("declared_text", "yes or no: was the declaration signed"),
    ),
    key=("row_id",),
)

VALIDATED_RETURNS = Table(
    "validated.monitoring_returns",
    "monitoring return: a period of one account, in sums",
    (
        text("return_id", "'M' + the row_id of the landed row", nullable=False),
        *ORIGIN,
        HOLDER,
        text("account_ref", "Pseudonym of the account, where the return names one; equals account_ref of payments", personal=True),
        on("period_from_on", "First day of the period", nullable=False),
        on("period_to_on", "Last day of the period", nullable=False),
        money("opening_pence", "Balance at the start of the period"),
        money("received_pence", "Direct payments received"),
        money("other_income_pence", "Other money in"),
        money("wages_pence", "Net wages paid"),
        money("hmrc_pence", "Paid to HMRC"),
        money("pension_pence", "Paid to pension"),
        money("agency_pence", "Paid to agencies"),
        money("equipment_pence", "Spent on equipment"),
        money("activity_pence", "Spent on activities"),
        money("other_spend_pence", "Other spending"),
        money("charges_pence", "Bank charges"),
        money("closing_pence", "Balance at the end of the period"),
        money("statement_balance_pence", "Balance on the bank statement of the last day"),
        money("unpaid_wages_pence", "Wages earned and not paid yet"),
        money("unpaid_invoices_pence", "Invoices due and not paid yet"),
        money("contingency_pence", "Held as agreed contingency"),
        on("received_on", "Day the return reached the commissioner"),
        on("due_on", "Day it was due"),
        yes_no("is_declared", "True where the declaration was signed; null where the return does not say"),
    ),
    key=("return_id",),
    is_published=True,
)

TABLES = (LANDED_RETURNS, VALIDATED_RETURNS)
