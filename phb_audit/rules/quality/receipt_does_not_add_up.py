"""The lines of a receipt do not come to its total: it was probably misread."""

from __future__ import annotations

from datetime import date

import polars as pl

from phb_audit.rules.example import at_the_threshold, flagged, left_alone
from phb_audit.rules.rule import Rule
from phb_audit.rules.spending import Spending, about

TOTAL: dict[str, object] = {"total_pence": 40_00, "payment_id": "P1", "dated_on": date(2026, 8, 3)}

RULE = Rule(
    id="Q-09",
    title="Receipt does not add up",
    family="A8",
    basis="data_quality",
    severity=1,
    outcome="information",
    looks_at="receipts with lines and a total",
    sentence="The lines of the receipt of {subject_on:day} ({lines_count} in all) come to {lines_pence:pounds}; its total is "
    "{total_pence:pounds}.",
    not_found="The lines of the receipt come to {lines_pence:pounds}; its total is {total_pence:pounds}.",
    usual="Lines and total agree to {over_pence:pounds}, with or without VAT.",
    innocent="A line was misread, a discount was left out, or the second page is missing.",
    ask="Look at the image. Nothing to ask the holder.",
    clears="A corrected reading.",
    overtaken="The receipt was read again.",
    same_flag=("receipt_id",),
    decides="papers",
    owner="Data steward",
    reviewer="Head of internal audit",
    next_review=date(2027, 4, 1),
    examples=(
        flagged("Lines of 30 pounds, a total of 40", receipts=(TOTAL,), receipt_lines=({"line_total_pence": 30_00},)),
        left_alone("VAT makes the difference", receipts=({**TOTAL, "vat_pence": 6_67},), receipt_lines=({"line_total_pence": 33_33},)),
        at_the_threshold("A penny of rounding", receipts=(TOTAL,), receipt_lines=({"line_total_pence": 39_99},)),
    ),
)


def find(spending: Spending, *, over_pence: int = 5) -> pl.LazyFrame:
    """One row per receipt with a total and at least one line whose amount could be read."""
    lines = spending.receipt_lines.group_by("receipt_id").agg(
        pl.col("line_total_pence").sum().alias("lines_pence"),
        pl.len().cast(pl.Int64).alias("lines_count"),
        pl.col("line_total_pence").is_not_null().all().alias("is_whole"),
    )
    receipts = (
        spending.receipts.filter(pl.col("total_pence").is_not_null())
        .join(lines.filter("is_whole"), on="receipt_id")
        .with_columns(
            apart_pence=pl.min_horizontal(
                (pl.col("lines_pence") - pl.col("total_pence")).abs(),
                (pl.col("lines_pence") + pl.col("vat_pence").fill_null(0) - pl.col("total_pence")).abs(),
            ),
            day=pl.coalesce("dated_on", "received_on", pl.lit(spending.as_of)),
        )
        .with_columns(at_stake_pence=pl.col("apart_pence"))
    )
    return about(
        receipts,
        "receipt",
        "receipt_id",
        "day",
        pl.col("apart_pence") > over_pence,
        "receipt_id",
        "lines_pence",
        "lines_count",
        "total_pence",
        "apart_pence",
    )
