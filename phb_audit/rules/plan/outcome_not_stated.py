"""A plan line serves no stated outcome ('n/a'): a gap in the plan, not in what the holder bought."""

from __future__ import annotations

from datetime import date

import polars as pl

from phb_audit.rules.example import at_the_threshold, flagged, left_alone
from phb_audit.rules.plans_in_force import plans_in_force
from phb_audit.rules.rule import PLAN_FEEDS, Rule
from phb_audit.rules.spending import NO_PAYMENT, Spending, about

EMPTY = r"(?i)^\W*(n/?a|none|nil|tbc|tba|to be (confirmed|agreed|added)|as above|not (applicable|stated|recorded)|see plan|x+|-*)\W*$"
LAUNDRY: dict[str, object] = {"description": "Laundry service", "outcome_id": "PL1/v1/1"}

RULE = Rule(
    id="P-09",
    title="Outcome not stated",
    family="A2",
    basis="outcome_test",
    severity=2,
    outcome="clinician",
    looks_at="lines of plans that are in force",
    sentence="The plan in force since {subject_on:day} has {empty_count} of {lines_count:many line} without a stated outcome, "
    "first '{first_words}'.",
    not_found="The plan in force has {lines_count:many line}, each with a stated outcome.",
    usual="Every line of a plan says which outcome it serves.",
    innocent="The outcome may have been talked about and not written down.",
    ask="Ask the care co-ordinator to write the outcome at the next review. Nothing to ask the holder.",
    clears="A plan whose lines all name an outcome.",
    overtaken="The plan on file has changed.",
    same_flag=("plan_version_id",),
    decides="organisation",
    owner="Continuing healthcare lead",
    reviewer="Clinical lead for personalised care",
    next_review=date(2027, 4, 1),
    duty_of="the CHC team's care planning lead",
    is_commissioners=True,
    waits_for=PLAN_FEEDS,
    examples=(
        flagged("Laundry for the outcome 'n/a'", plans=({},), plan_outcomes=({"outcome_text": "n/a"},), plan_lines=(LAUNDRY,)),
        left_alone(
            "Laundry for an outcome", plans=({},), plan_outcomes=({"outcome_text": "Dry, clean bedding every day"},), plan_lines=(LAUNDRY,)
        ),
        left_alone(
            "An old version no longer in force",
            plans=({"effective_to_on": date(2026, 6, 30)},),
            plan_outcomes=({"outcome_text": "n/a"},),
            plan_lines=(LAUNDRY,),
        ),
        at_the_threshold(
            "The last day in force is today",
            flags=1,
            plans=({"effective_to_on": date(2026, 10, 31)},),
            plan_outcomes=({"outcome_text": "N/A."},),
            plan_lines=(LAUNDRY,),
        ),
    ),
)


def find(spending: Spending) -> pl.LazyFrame:
    """One row per plan version in force on the day looked at."""
    is_empty = pl.col("outcome_text").fill_null("").str.contains(EMPTY)
    lines = (
        spending.plan_lines.join(plans_in_force(spending), on="plan_version_id")
        .join(spending.plan_outcomes.select("outcome_id", "outcome_text"), on="outcome_id", how="left")
        .sort("plan_line_id")
        .group_by("plan_version_id", "holder_id", "effective_from_on", maintain_order=True)
        .agg(
            pl.len().cast(pl.Int64).alias("lines_count"),
            is_empty.sum().cast(pl.Int64).alias("empty_count"),
            pl.col("description").filter(is_empty).first().alias("first_words"),
            pl.col("annual_pence").filter(is_empty).sum().alias("at_stake_pence"),
        )
        .with_columns(NO_PAYMENT)
    )
    return about(
        lines,
        "plan",
        "plan_version_id",
        "effective_from_on",
        pl.col("empty_count") > 0,
        "plan_version_id",
        "lines_count",
        "empty_count",
        "first_words",
    )
