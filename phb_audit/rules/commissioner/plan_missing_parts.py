"""The plan in force lacks a part every plan has: outcomes, costs, or the day of the next review. How risk is dealt with, and
contingency, stand in no feed as something that could be missing.
"""

from __future__ import annotations

from datetime import date

import polars as pl

from phb_audit.rules.example import at_the_threshold, flagged, left_alone
from phb_audit.rules.rule import PLAN_FEEDS, Rule
from phb_audit.rules.spending import NO_PAYMENT, Spending, about
from phb_audit.sentences import filled_in

DATED: dict[str, object] = {"review_due_on": date(2027, 1, 31)}
OUTCOME: tuple[dict[str, object], ...] = ({"outcome_text": "Meet people"},)
LINE: dict[str, object] = {"annual_pence": 500_00}

RULE = Rule(
    id="G-08",
    title="Plan missing parts",
    family="A6",
    basis="plan_parts",
    severity=2,
    outcome="clinician",
    looks_at="plans in force, for these parts: {parts}",
    sentence="The plan in force since {subject_on:day} has {missing}.",
    not_found="The plan in force since {subject_on:day} has every part that is looked for.",
    usual="Every plan has outcomes, an amount for each line, and a day for the next review.",
    innocent="The part may stand in the paper plan and not have been typed in.",
    ask="Ask the continuing healthcare team to complete the plan. Nothing to ask the holder.",
    clears="The missing part in the plan.",
    overtaken="The plan was completed, or a new one came into force.",
    same_flag=("subject_id", "missing"),
    decides="organisation",
    owner="Continuing healthcare lead",
    reviewer="Clinical lead for personalised care",
    next_review=date(2027, 4, 1),
    duty_of="the CHC team's care planning lead",
    is_commissioners=True,
    waits_for=(*PLAN_FEEDS, "holder_events"),
    examples=(
        flagged("No outcome at all", plans=(DATED,), plan_lines=(LINE,)),
        flagged("A line without an amount", plans=(DATED,), plan_outcomes=OUTCOME, plan_lines=(LINE, {"plan_line_id": "PL1/v1/2"})),
        flagged("No day for the next review", plans=({},), plan_outcomes=OUTCOME, plan_lines=(LINE,)),
        left_alone("Nothing is missing", plans=(DATED,), plan_outcomes=OUTCOME, plan_lines=(LINE,)),
        left_alone("An old version", plans=({"effective_to_on": date(2026, 6, 30)},)),
        at_the_threshold(
            "The last day in force is today", flags=1, plans=({**DATED, "effective_to_on": date(2026, 10, 31)},), plan_lines=(LINE,)
        ),
    ),
)


def find(spending: Spending, *, parts: tuple[str, ...] = ("outcomes", "costs", "review")) -> pl.LazyFrame:
    """One row per plan version in force on the day looked at."""
    day = pl.lit(spending.as_of)
    over = spending.events.filter(pl.col("event_code").is_in(["death", "end_of_eligibility"])).select("holder_id").unique()
    outcomes = spending.plan_outcomes.group_by("plan_version_id").agg(pl.len().alias("outcomes_count"))
    lines = spending.plan_lines.group_by("plan_version_id").agg(
        pl.len().alias("lines_count"), pl.coalesce("annual_pence", "amount_pence").is_null().sum().cast(pl.Int64).alias("bare_count")
    )
    bare = filled_in(
        "{} {} without an amount", pl.col("bare_count"), pl.when(pl.col("bare_count") == 1).then(pl.lit("line")).otherwise(pl.lit("lines"))
    )
    missing = (
        _part("outcomes" in parts, pl.col("outcomes_count").is_null(), pl.lit("no outcome")),
        _part("costs" in parts, pl.col("lines_count").is_null(), pl.lit("no line")),
        _part("costs" in parts, pl.col("bare_count") > 0, bare),
        _part("review" in parts, pl.col("review_due_on").is_null(), pl.lit("no day for the next review")),
    )
    in_force = (
        spending.plans.filter(
            (pl.col("status_code") == "approved")
            & (pl.col("effective_from_on") <= day)
            & (pl.col("effective_to_on").is_null() | (pl.col("effective_to_on") >= day))
        )
        .join(over, on="holder_id", how="anti")
        .join(outcomes, on="plan_version_id", how="left")
        .join(lines, on="plan_version_id", how="left")
        .with_columns(
            NO_PAYMENT, missing=pl.concat_str(*missing, separator=", ", ignore_nulls=True), at_stake_pence=pl.lit(0, dtype=pl.Int64)
        )
    )
    return about(in_force, "plan", "plan_version_id", "effective_from_on", pl.col("missing") != "", "missing")


def _part(is_wanted: bool, is_missing: pl.Expr, words: pl.Expr) -> pl.Expr:
    return pl.when(pl.lit(is_wanted) & is_missing).then(words)
