"""The receipt beside a card purchase was printed many days before or after it.

Only at tills: an invoice paid by bank transfer is rightly dated before its payment.
"""

from __future__ import annotations

from datetime import date

import polars as pl

from phb_audit.rules.example import at_the_threshold, flagged, left_alone
from phb_audit.rules.rule import Rule
from phb_audit.rules.spending import Spending, about_payments

CARD: dict[str, object] = {"feed_code": "card", "receipt_id": "R1", "receipt_match_code": "date_differs"}

RULE = Rule(
    id="E-03",
    title="Receipt date far from the payment",
    family="A3",
    basis="receipts",
    severity=1,
    outcome="query",
    looks_at="card purchases from direct payments with a receipt beside them",
    sentence="{amount_pence:pounds} was paid by card to {payee_shown} on {paid_on:day}. The receipt beside it has the same amount and is "
    "dated {receipt_on:day}, {apart_days} days apart.",
    not_found="The receipt is dated {receipt_on:day}; up to {most_days} days from the payment of {paid_on:day} are left alone.",
    usual="A till prints the receipt on the day. Orders that are charged when they are sent differ by a few days.",
    innocent="The order may have been charged when it was sent, the date misread, or the receipt of another visit taken by mistake.",
    ask="Ask the holder, with the other papers, whether this is the receipt of that purchase.",
    clears="The right receipt, or an order confirmation that shows both days.",
    overtaken="Another receipt was added, or the papers were matched anew.",
    same_flag=("payment_id",),
    decides="papers",
    owner="Personal health budgets lead",
    reviewer="Head of internal audit",
    next_review=date(2027, 4, 1),
    waits_for=("receipts",),
    examples=(
        flagged("A receipt from three weeks before", payments=({**CARD, "receipt_days": -21},)),
        left_alone("The next day", payments=({**CARD, "receipt_days": 1},)),
        left_alone(
            "An invoice paid from the bank account three weeks later", payments=({**CARD, "feed_code": "bank", "receipt_days": -21},)
        ),
        left_alone("A trade whose orders are charged when sent", payments=({**CARD, "mcc_code": "5964", "receipt_days": -21},)),
        at_the_threshold("Exactly five days", payments=({**CARD, "receipt_days": 5},)),
    ),
)


def find(spending: Spending, *, most_days: int = 5, mail_order_codes: tuple[str, ...] = ("5960", "5964", "5965", "5969")) -> pl.LazyFrame:
    """One row per card purchase with a dated receipt."""
    rows = spending.payments.filter(
        pl.col("receipt_days").is_not_null()
        & (pl.col("feed_code") == "card")
        & (pl.col("kind_code") == "purchase")
        & (pl.col("holding_code") == "direct_payment")
        & (pl.col("amount_pence") > 0)
    ).with_columns(
        receipt_on=pl.col("paid_on") + pl.duration(days="receipt_days"),
        apart_days=pl.col("receipt_days").abs(),
        is_at_a_till=~pl.col("mcc_code").is_in(mail_order_codes).fill_null(False),
    )
    is_found = (pl.col("apart_days") > most_days) & (pl.col("receipt_match_code") == "date_differs") & pl.col("is_at_a_till")
    return about_payments(rows, is_found, "receipt_on", "apart_days")
