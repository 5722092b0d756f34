"""No review within three months of the start: the commissioner's own delay."""

from __future__ import annotations

from datetime import date

import polars as pl

from phb_audit.rules.example import at_the_threshold, flagged, left_alone
from phb_audit.rules.open_budgets import open_budgets, with_reviews
from phb_audit.rules.rule import Rule, Variant
from phb_audit.rules.spending import NO_PAYMENT, Spending, about

LATE = "late"
STARTED: tuple[dict[str, object], ...] = ({"starts_on": date(2026, 5, 1)},)

RULE = Rule(
    id="G-01",
    title="First review late",
    family="A6",
    basis="review",
    severity=3,
    outcome="information",
    looks_at="open budgets and their reviews",
    sentence="The budget began on {starts_on:day}. A first review was due by {subject_on:day}; none is on file.",
    not_found="The budget began on {starts_on:day}; the first review on file is of {first_review_on:day}, due by {subject_on:day}.",
    usual="A first review within {months} months of the first payment.",
    innocent="The review may have been held and not yet recorded.",
    ask="Ask the continuing healthcare team to record the review, or to hold it. Nothing to ask the holder.",
    clears="A review on record.",
    overtaken="A review was recorded, or the budget ended.",
    same_flag=("holder_id", "starts_on"),
    decides="organisation",
    owner="Continuing healthcare lead",
    reviewer="Clinical lead for personalised care",
    next_review=date(2027, 4, 1),
    duty_of="the CHC team's review lead",
    is_commissioners=True,
    is_on_the_clock=True,
    waits_for=("holder_events", "budgets"),
    variants={
        LATE: Variant(
            sentence="The budget began on {starts_on:day}. A first review was due by {subject_on:day}; it was held on "
            "{first_review_on:day}.",
            ask="Nothing to ask: the review was held late. It is told so that lateness can be counted.",
            clears="An earlier review on record.",
            severity=1,
        )
    },
    examples=(
        flagged("Began in May, no review by the end of October", budgets=STARTED),
        flagged("Reviewed, but two months late", budgets=STARTED, events=({"from_on": date(2026, 10, 1)},)),
        left_alone("Reviewed in July", budgets=STARTED, events=({"from_on": date(2026, 7, 20)},)),
        at_the_threshold("Due today", budgets=({"starts_on": date(2026, 7, 31)},)),
    ),
)


def find(spending: Spending, *, months: int = 3, look_back_months: int = 15) -> pl.LazyFrame:
    """One row per holder with an open budget that began within the look-back, or has never been reviewed."""
    opened = with_reviews(spending, open_budgets(spending)).filter(pl.col("starts_on").is_not_null())
    is_recent = pl.col("starts_on") >= pl.lit(spending.as_of).dt.offset_by(f"-{look_back_months}mo")
    opened = opened.filter(is_recent | pl.col("first_review_on").is_null()).with_columns(
        NO_PAYMENT, due_on=pl.col("starts_on").dt.offset_by(f"{months}mo"), at_stake_pence=pl.lit(0, dtype=pl.Int64)
    )
    was_late = pl.col("first_review_on") > pl.col("due_on")
    is_missing = pl.col("first_review_on").is_null() & (pl.col("due_on") < spending.as_of)
    variant = pl.when(was_late.fill_null(False)).then(pl.lit(LATE)).otherwise(pl.lit("")).alias("variant_code")
    return about(
        opened,
        "holder",
        "holder_id",
        "due_on",
        is_missing | was_late.fill_null(False),
        "starts_on",
        "first_review_on",
        variant_code=variant,
    )
