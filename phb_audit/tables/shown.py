"""Shown: what the review app shows of cases, whichever night wrote it. The other published tables hold tonight's rows alone.

Small beside what it is taken from: payments that a case, a purchase to be read or an agreed item is about, and the papers beside them.
"""

from phb_audit.tables.describe import Table, count, money, on, share, text, yes_no
from phb_audit.tables.matched import PAYMENTS as MATCHED_PAYMENTS
from phb_audit.tables.matched import RECEIPT_LINKS as MATCHED_LINKS
from phb_audit.tables.validated import RECEIPT_LINES as VALIDATED_LINES
from phb_audit.tables.validated import RECEIPTS as VALIDATED_RECEIPTS

PAYMENTS = Table(
    "shown.payments",
    "payment that a flag, a purchase to be read or an agreed item is about, as it was last matched",
    (
        *MATCHED_PAYMENTS.columns,
        text(
            "would_change",
            "What would change the reading of it, in a sentence; empty where that is not settled, or the case is over",
            nullable=False,
        ),
    ),
    key=MATCHED_PAYMENTS.key,
    is_published=True,
)

RECEIPTS = Table(
    "shown.receipts",
    "receipt that lies beside such a payment, or may",
    (
        *VALIDATED_RECEIPTS.columns,
        count("times_used_count", "As matched.receipts.times_used_count", nullable=False),
        yes_no("is_paper", "It came as a picture or a PDF, whose original is kept sealed under file_id", nullable=False),
    ),
    key=VALIDATED_RECEIPTS.key,
    is_published=True,
)

RECEIPT_LINES = Table(
    "shown.receipt_lines",
    "line of such a receipt, with what it was read as",
    (
        *VALIDATED_LINES.columns,
        text("category_code", "Code of taxonomy.csv"),
        share("probability_share", "How sure, 0 to 1"),
        yes_no("is_abstained", "The words do not settle it"),
    ),
    key=VALIDATED_LINES.key,
    is_published=True,
)

RECEIPT_LINKS = Table(
    "shown.receipt_links",
    "such a payment and a receipt that belong together, or may",
    MATCHED_LINKS.columns,
    key=MATCHED_LINKS.key,
    is_published=True,
)

HOLDERS = Table(
    "shown.holders",
    "holder with a budget on file, with the newest budget and how far it is spent",
    (
        text("holder_id", "The holder", nullable=False),
        text("holding_code", "How the budget is held", nullable=False),
        text("care_group_code", "Care group"),
        text("area_name", "Area"),
        money("annual_pence", "Budget of a year"),
        on("starts_on", "Its first day"),
        on("ends_on", "Its last day"),
        money("spent_pence", "Spend of the budget year up to the newest payment"),
        money("remaining_pence", "Budget of the year less that"),
        on("spent_on", "Day up to which spent_pence tells: that of the newest payment within a budget's days"),
        on("last_paid_on", "Day of the newest payment"),
    ),
    key=("holder_id",),
    is_published=True,
)

TABLES = (PAYMENTS, RECEIPTS, RECEIPT_LINES, RECEIPT_LINKS, HOLDERS)
