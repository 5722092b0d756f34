"""A sender's file is late: nobody is asked about what has not arrived."""

from __future__ import annotations

from datetime import date

import polars as pl

from phb_audit.rules.example import at_the_threshold, flagged, left_alone
from phb_audit.rules.rule import Rule
from phb_audit.rules.spending import NO_PAYMENT, Spending, about
from phb_audit.tables.flagged import EVERYONE

RULE = Rule(
    id="Q-08",
    title="File late",
    family="A8",
    basis="data_quality",
    severity=2,
    outcome="information",
    looks_at="the feeds that are expected",
    sentence="The feed '{feed_code}' speaks of nothing after {last_on:day}. It comes from {owner}, usually at least every "
    "{usual_days} days.",
    not_found="The feed '{feed_code}' reaches {last_on:day}; it usually comes at least every {usual_days} days.",
    usual="Every feed speaks of a day within its usual number of days.",
    innocent="The file may be on its way, or nothing happened that it could speak of.",
    ask="Ask {owner} for the file. Nothing to ask any holder.",
    clears="The file arrives.",
    overtaken="The file arrived.",
    same_flag=("subject_id", "last_on"),
    decides="feed",
    owner="Data steward",
    reviewer="Head of internal audit",
    next_review=date(2027, 4, 1),
    is_commissioners=True,
    is_on_the_clock=True,
    examples=(
        flagged("Receipts of 60 days ago", feeds=({"last_data_on": date(2026, 9, 1), "is_late": True},)),
        left_alone("Receipts of this week", feeds=({},)),
        at_the_threshold(
            "Late by the sender's calendar, but within the extra days",
            feeds=({"last_data_on": date(2026, 9, 24), "is_late": True},),
        ),
    ),
)


def find(spending: Spending, *, extra_days: int = 3) -> pl.LazyFrame:
    """One row per feed expected tonight."""
    late_days = (pl.lit(spending.as_of) - pl.col("last_data_on")).dt.total_days() - pl.col("usual_days")
    feeds = spending.feeds.with_columns(
        NO_PAYMENT,
        holder_id=pl.lit(EVERYONE),
        at_stake_pence=pl.lit(0, dtype=pl.Int64),
        last_on=pl.col("last_data_on"),
        day=pl.col("last_data_on").fill_null(spending.as_of),
        late_days=late_days,
    )
    is_found = pl.col("is_late") & ((pl.col("late_days") > extra_days) | pl.col("last_on").is_null())
    return about(feeds, "feed", "feed_code", "day", is_found, "feed_code", "owner", "last_on", "usual_days", "late_days")
