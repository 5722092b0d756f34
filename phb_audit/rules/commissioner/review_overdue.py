"""More than twelve months since the last review: the commissioner's own delay."""

from __future__ import annotations

from datetime import date

import polars as pl

from phb_audit.rules.example import at_the_threshold, flagged, left_alone
from phb_audit.rules.open_budgets import open_budgets, with_reviews
from phb_audit.rules.rule import Rule
from phb_audit.rules.spending import NO_PAYMENT, Spending, about

STARTED: tuple[dict[str, object], ...] = ({"starts_on": date(2024, 4, 1)},)

RULE = Rule(
    id="G-02",
    title="Review overdue",
    family="A6",
    basis="review",
    severity=3,
    outcome="information",
    looks_at="open budgets that have been reviewed before",
    sentence="The last review was on {last_review_on:day}. The next was due by {subject_on:day} and is not on file.",
    not_found="The last review was on {last_review_on:day}; the next is due by {subject_on:day}.",
    usual="A review at least every {months} months.",
    innocent="The review may have been held and not yet recorded.",
    ask="Ask the continuing healthcare team to record the review, or to hold it. Nothing to ask the holder.",
    clears="A review recorded on or after the day it was due, or a later one.",
    overtaken="A review was recorded, or the budget ended.",
    same_flag=("holder_id", "last_review_on"),
    decides="organisation",
    owner="Continuing healthcare lead",
    reviewer="Clinical lead for personalised care",
    next_review=date(2027, 4, 1),
    duty_of="the CHC team's review lead",
    is_commissioners=True,
    is_on_the_clock=True,
    waits_for=("holder_events", "budgets"),
    examples=(
        flagged("Last reviewed in June 2025", budgets=STARTED, events=({"from_on": date(2025, 6, 1)},)),
        left_alone("Reviewed in August 2026", budgets=STARTED, events=({"from_on": date(2025, 6, 1)}, {"from_on": date(2026, 8, 1)})),
        left_alone("The budget has ended", budgets=({**STARTED[0], "ends_on": date(2026, 9, 1)},), events=({"from_on": date(2025, 6, 1)},)),
        at_the_threshold("Due today", budgets=STARTED, events=({"from_on": date(2025, 10, 31)},)),
    ),
)


def find(spending: Spending, *, months: int = 12) -> pl.LazyFrame:
    """One row per holder with an open budget and a review on file; `subject_on` is the day the next review is due."""
    reviewed = with_reviews(spending, open_budgets(spending)).filter(pl.col("last_review_on").is_not_null())
    due = pl.col("last_review_on").dt.offset_by(f"{months}mo")
    reviewed = reviewed.with_columns(NO_PAYMENT, due_on=due, at_stake_pence=pl.lit(0, dtype=pl.Int64))
    return about(reviewed, "holder", "holder_id", "due_on", pl.col("due_on") < spending.as_of, "last_review_on")
