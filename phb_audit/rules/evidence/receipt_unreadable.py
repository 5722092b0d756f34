"""A receipt of which neither the day nor the total can be read, so that it stands beside no payment.

A faded paper that still shows its day and total is left alone: it says what was paid and when.
"""

from __future__ import annotations

from datetime import date

import polars as pl

from phb_audit.rules.example import at_the_threshold, flagged, left_alone
from phb_audit.rules.rule import Rule
from phb_audit.rules.spending import Spending, about

FADED: dict[str, object] = {"is_readable": False, "received_on": date(2026, 8, 20)}

RULE = Rule(
    id="E-04",
    title="Receipt unreadable",
    family="A3",
    basis="receipts",
    severity=1,
    outcome="query",
    looks_at="receipts marked as unreadable",
    sentence="A receipt that came on {subject_on:day} cannot be read: it lacks {missing_words}. It stands beside no payment.",
    not_found="The receipt is hard to read, but its day and total are there, or it stands beside a payment.",
    usual="Receipts can be read, or show at least the day and the total.",
    innocent="Till paper fades within months, and a photograph may be dark or cut.",
    ask="Ask the holder for a new photograph of it, or the shop's own copy; a note of what was bought will do if neither can be had.",
    clears="A copy that can be read, or a short note of shop, day, amount and what was bought.",
    overtaken="The receipt was read anew, or matched with a payment.",
    same_flag=("receipt_id",),
    decides="papers",
    owner="Personal health budgets lead",
    reviewer="Head of internal audit",
    next_review=date(2027, 4, 1),
    waits_for=("receipts",),
    examples=(
        flagged("Neither day nor total", receipts=(FADED,)),
        left_alone(
            "Faded, but the day and the total are there", receipts=({**FADED, "dated_on": date(2026, 8, 18), "total_pence": 30_00},)
        ),
        left_alone("No total, but matched with a payment", receipts=({**FADED, "dated_on": date(2026, 8, 18), "payment_id": "P1"},)),
        left_alone("A receipt that can be read", receipts=({"received_on": date(2026, 8, 20)},)),
        at_the_threshold("The day is there and the total is not", flags=1, receipts=({**FADED, "dated_on": date(2026, 8, 18)},)),
    ),
)


def find(spending: Spending) -> pl.LazyFrame:
    """One row per receipt marked as unreadable."""
    no_day, no_total = pl.col("dated_on").is_null(), pl.col("total_pence").is_null()
    missing = (
        pl.when(no_day & no_total).then(pl.lit("its day and its total")).when(no_day).then(pl.lit("its day")).otherwise(pl.lit("its total"))
    )
    rows = spending.receipts.filter(~pl.col("is_readable")).with_columns(
        came_on=pl.coalesce("received_on", "dated_on", pl.lit(spending.as_of)),
        at_stake_pence=pl.col("total_pence").fill_null(0),
        missing_words=missing,
    )
    is_found = (no_day | no_total) & pl.col("payment_id").is_null()
    return about(rows, "receipt", "receipt_id", "came_on", is_found, "receipt_id", "missing_words")
