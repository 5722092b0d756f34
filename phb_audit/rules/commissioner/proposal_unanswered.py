"""What the holder's side proposed in writing, to employ a relative for example, and nobody answered in time.

Whoever hears nothing does what seems right. What follows from our silence is not first a question to the holder.
"""

from __future__ import annotations

from datetime import date

import polars as pl

from phb_audit.rules.example import at_the_threshold, flagged, left_alone
from phb_audit.rules.rule import Rule, Variant
from phb_audit.rules.spending import NO_PAYMENT, Spending, about

LATE, IN_TIME = "late", "in_time"
ASKED: dict[str, object] = {"event_code": "proposal", "from_on": date(2026, 6, 1)}

RULE = Rule(
    id="G-21",
    title="Proposal unanswered",
    family="A6",
    basis="answer_proposals",
    severity=2,
    outcome="information",
    looks_at="proposals of the holder's side, as the continuing healthcare team recorded them",
    sentence="A proposal of {subject_on:day} has had no answer for {waiting_days} days. Up to {days} is usual.",
    not_found="The proposal of {subject_on:day} was answered after {waiting_days} days, or {days} have not gone by.",
    usual="A proposal is answered in writing within {days} days, with reasons.",
    innocent="The answer may have been given and its day not recorded.",
    ask="Ask the care co-ordinator to answer the proposal, or to record when it was answered. Nothing to ask the holder.",
    clears="The answer, with its day.",
    overtaken="The proposal was answered, or withdrawn.",
    same_flag=("subject_id",),
    decides="organisation",
    owner="Continuing healthcare lead",
    reviewer="Personal health budgets lead",
    next_review=date(2027, 4, 1),
    duty_of="the holder's care co-ordinator",
    is_commissioners=True,
    waits_for=("holder_events",),
    variants={
        LATE: Variant(sentence="A proposal of {subject_on:day} was answered after {waiting_days} days. Up to {days} is usual."),
        IN_TIME: Variant(),
    },
    examples=(
        flagged("To employ the daughter, asked in June, no answer by the end of October", events=(ASKED,)),
        flagged("Answered after three months", events=({**ASKED, "to_on": date(2026, 9, 1)},)),
        left_alone("Answered within a fortnight", events=({**ASKED, "to_on": date(2026, 6, 14)},)),
        left_alone("Asked a week ago", events=({**ASKED, "from_on": date(2026, 10, 24)},)),
        left_alone("A review, not a proposal", events=({**ASKED, "event_code": "review"},)),
        left_alone("Answered late, long ago", events=({**ASKED, "from_on": date(2024, 3, 1), "to_on": date(2025, 10, 30)},)),
        at_the_threshold("Answered on the twenty-eighth day", events=({**ASKED, "to_on": date(2026, 6, 29)},)),
        at_the_threshold("Answered on the twenty-ninth day", flags=1, events=({**ASKED, "to_on": date(2026, 6, 30)},)),
        at_the_threshold(
            "Answered late, a year ago to the day", flags=1, events=({**ASKED, "from_on": date(2025, 6, 1), "to_on": date(2025, 10, 31)},)
        ),
    ),
)


def find(spending: Spending, *, days: int = 28, look_back_days: int = 365) -> pl.LazyFrame:
    """One row per proposal that is open, or was answered within the days we look back."""
    day = pl.lit(spending.as_of)
    waiting = (pl.coalesce("to_on", day) - pl.col("from_on")).dt.total_days()
    answered_ago = (day - pl.col("to_on")).dt.total_days().fill_null(0)
    rows = (
        spending.events.filter((pl.col("event_code") == "proposal") & (answered_ago <= look_back_days))
        .with_columns(NO_PAYMENT, at_stake_pence=pl.lit(0, dtype=pl.Int64), waiting_days=waiting)
        .with_columns(
            variant_code=pl.when(pl.col("waiting_days") <= days)
            .then(pl.lit(IN_TIME))
            .when(pl.col("to_on").is_not_null())
            .then(pl.lit(LATE))
            .otherwise(pl.lit(""))
        )
    )
    return about(rows, "holder", "event_id", "from_on", pl.col("variant_code") != IN_TIME, "waiting_days", "variant_code")
