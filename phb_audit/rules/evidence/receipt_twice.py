"""One paper stands beside two payments of the same person."""

from __future__ import annotations

from datetime import date

import polars as pl

from phb_audit.rules.example import at_the_threshold, flagged, left_alone
from phb_audit.rules.papers import same_papers
from phb_audit.rules.rule import Rule, Variant
from phb_audit.rules.spending import Spending, about

ONCE, PARTS = "once", "parts"
PAPER: dict[str, object] = {"sameness_id": "S1", "total_pence": 40_00, "invoice_number": "77", "received_on": date(2026, 8, 10)}
AGAIN: dict[str, object] = {**PAPER, "receipt_id": "R2", "payment_id": "P2", "received_on": date(2026, 9, 10)}

RULE = Rule(
    id="E-05",
    title="Receipt used twice by one person",
    family="A3",
    basis="one_paper_one_payment",
    severity=3,
    outcome="query",
    looks_at="payments with a receipt that can be told apart from others (by image, or by supplier, number, date and total)",
    sentence="The receipt beside the payment of {at_stake_pence:pounds} on {subject_on:day} is the same paper as one sent for "
    "another payment (first on {first_paid_on:day}).",
    not_found="The same paper was sent {papers_count:many time}, for one payment.",
    usual="One receipt belongs to one payment. The same receipt sent again for the same payment is left alone.",
    innocent="The wrong paper was attached, one invoice covers two part payments, or two tickets were printed with one number.",
    ask="Ask the holder for the receipt that belongs to this payment.",
    clears="Another receipt, or an invoice that covers both payments.",
    overtaken="Another receipt was added, or the papers were matched anew.",
    same_flag=("receipt_id",),
    decides="payment",
    owner="Head of internal audit",
    reviewer="Head of finance",
    next_review=date(2027, 4, 1),
    waits_for=("receipts",),
    restricted_with=("A-03", "W-01", "W-07", "A-13"),
    variants={
        ONCE: Variant(not_found="This paper was sent once."),
        PARTS: Variant(not_found="The payments beside this paper are parts that together do not pass its total."),
    },
    examples=(
        flagged(
            "One invoice for payments in August and September",
            receipts=({**PAPER, "payment_id": "P1"}, AGAIN),
            payments=({"amount_pence": 40_00}, {"payment_id": "P2", "paid_on": date(2026, 9, 3), "amount_pence": 40_00}),
        ),
        left_alone("The same paper sent twice for one payment", receipts=({**PAPER, "payment_id": "P1"}, {**AGAIN, "payment_id": None})),
        left_alone(
            "One instalment invoice: two part payments that together make its total",
            receipts=({**PAPER, "payment_id": "P1"}, AGAIN),
            payments=({}, {"payment_id": "P2", "paid_on": date(2026, 9, 3), "amount_pence": 20_00}),
        ),
        at_the_threshold(
            "The two payments come to one penny more than the paper",
            flags=1,
            receipts=({**PAPER, "payment_id": "P1"}, AGAIN),
            payments=({}, {"payment_id": "P2", "paid_on": date(2026, 9, 3), "amount_pence": 20_01}),
        ),
    ),
)


def find(spending: Spending) -> pl.LazyFrame:
    """One row per receipt with a payment; the later of two payments with one paper is found, unless they are parts of its total."""
    both_pence = pl.col("amount_pence").sum().over("holder_id", "sameness_id")
    papers = same_papers(spending).with_columns(
        is_parts=both_pence <= pl.col("total_pence"),
        is_second=pl.col("payment_id").is_not_null() & (pl.col("place") > 1),
    )
    is_found = (pl.col("payments_count") > 1) & pl.col("is_second") & ~pl.col("is_parts").fill_null(False)
    variant = (
        pl.when(pl.col("papers_count") == 1)
        .then(pl.lit(ONCE))
        .when((pl.col("payments_count") > 1) & pl.col("is_parts").fill_null(False))
        .then(pl.lit(PARTS))
        .otherwise(pl.lit(""))
        .alias("variant_code")
    )
    matched = papers.filter(pl.col("payment_id").is_not_null())
    return about(
        matched,
        "payment",
        "payment_id",
        "subject_on",
        is_found,
        "receipt_id",
        "papers_count",
        "payments_count",
        "first_paid_on",
        "payee_shown",
        variant_code=variant,
    )
