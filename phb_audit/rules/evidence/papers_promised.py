"""The same papers were asked for again and again, and have not come: somebody may need help, not another letter."""

from __future__ import annotations

from datetime import date

import polars as pl

from phb_audit.rules.example import at_the_threshold, flagged, left_alone
from phb_audit.rules.rule import Rule, Variant
from phb_audit.rules.spending import NO_PAYMENT, Spending, about

NOT_DUE = "not_due"

RULE = Rule(
    id="E-16",
    title="Papers promised again",
    family="A3",
    basis="proportionate",
    severity=1,
    outcome="information",
    looks_at="cases about papers that are not decided and in which an answer was asked for",
    sentence="In case {case_ref} an answer was asked for {asked_count} times, last by {last_due_on:day}. The papers have not come.",
    not_found="In case {case_ref} an answer was asked for {asked_count:many time}; up to {most_times} times is left to whoever asks.",
    usual="What is asked for comes after it was asked for once or twice.",
    innocent="The paper is lost, or the shop does not answer. The letters may have gone astray, or the person who helped has left.",
    ask="Ask the care co-ordinator to ring the person: what stands in the way, and would something else do? Offer the support service.",
    clears="The papers, something in their place, or a decision without them.",
    overtaken="The papers came, or the case was decided.",
    same_flag=("case_id",),
    decides="papers",
    owner="Personal health budgets lead",
    reviewer="Head of internal audit",
    next_review=date(2027, 4, 1),
    is_on_the_clock=True,
    variants={NOT_DUE: Variant(not_found="In case {case_ref} the answer asked for last is due on {last_due_on:day}.")},
    examples=(
        flagged("Asked for three times, and the last day has passed", asked=({},)),
        left_alone("Asked for once", asked=({"asked_count": 1},)),
        left_alone("The third answer is due next week", asked=({"last_due_on": date(2026, 11, 6)},)),
        left_alone("Nothing was asked for"),
        at_the_threshold("Asked for twice", asked=({"asked_count": 2},)),
        at_the_threshold("The answer is due today", asked=({"last_due_on": date(2026, 10, 31)},)),
        at_the_threshold("It was due yesterday", flags=1, asked=({"last_due_on": date(2026, 10, 30)},)),
    ),
)


def find(spending: Spending, *, most_times: int = 2) -> pl.LazyFrame:
    """One row per open case about papers in which an answer was asked for."""
    is_often = pl.col("asked_count") > most_times
    is_due = (pl.col("last_due_on") < spending.as_of).fill_null(value=True)
    rows = spending.asked.with_columns(
        NO_PAYMENT,
        at_stake_pence=pl.lit(0, dtype=pl.Int64),
        day=pl.coalesce("last_due_on", pl.lit(spending.as_of)),
        variant_code=pl.when(is_often & ~is_due).then(pl.lit(NOT_DUE)).otherwise(pl.lit("")),
    )
    return about(rows, "holder", "holder_id", "day", is_often & is_due, "case_id", "case_ref", "asked_count", "last_due_on", "variant_code")
