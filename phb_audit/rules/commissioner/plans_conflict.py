"""Two plans in force on one day agree different sums for one kind of thing: the person cannot follow both."""

from __future__ import annotations

from datetime import date

import polars as pl

from phb_audit.rules.example import at_the_threshold, flagged, left_alone
from phb_audit.rules.rule import PLAN_FEEDS, Rule
from phb_audit.rules.spending import NO_PAYMENT, Spending, about

TWO: tuple[dict[str, object], ...] = ({}, {"plan_version_id": "PL2/v1", "plan_ref": "PL2", "effective_from_on": date(2026, 5, 1)})


def _lines(first_pence: int, second_pence: int, second_code: str = "C10") -> tuple[dict[str, object], ...]:
    return (
        {"category_code": "C10", "annual_pence": first_pence},
        {"category_code": second_code, "annual_pence": second_pence, "plan_line_id": "PL2/v1/1", "plan_version_id": "PL2/v1"},
    )


RULE = Rule(
    id="G-13",
    title="Plans conflict",
    family="A6",
    basis="plan_conflict",
    severity=2,
    outcome="clinician",
    looks_at="holders with two plans or more in force, and the kinds of thing more than one of them names",
    sentence="Two plans are in force since {subject_on:day}. For {category_code:category} one agrees {least_pence:pounds} a year, another "
    "{most_pence:pounds}.",
    not_found="The plans agree about the same sum for {category_code:category}: {least_pence:pounds} and {most_pence:pounds} a year.",
    usual="One plan is in force at a time, or the plans agree within {apart_share:percent}.",
    innocent="The old plan should have been closed when the new one came, or the two are parts that add up.",
    ask="Ask the continuing healthcare team which plan holds, and to close the other. Nothing to ask the holder.",
    clears="One plan in force, or a note that the two add up.",
    overtaken="One of the plans was closed or put right.",
    same_flag=("holder_id", "category_code"),
    decides="organisation",
    owner="Continuing healthcare lead",
    reviewer="Clinical lead for personalised care",
    next_review=date(2027, 4, 1),
    duty_of="the CHC team's care planning lead",
    is_commissioners=True,
    waits_for=PLAN_FEEDS,
    examples=(
        flagged("Short breaks of 1,000 pounds in one plan and of 2,500 in another", plans=TWO, plan_lines=_lines(1_000_00, 2_500_00)),
        left_alone("Both agree the same", plans=TWO, plan_lines=_lines(1_000_00, 1_000_00)),
        left_alone("They speak of different things", plans=TWO, plan_lines=_lines(1_000_00, 2_500_00, "A05")),
        left_alone("The old plan has ended", plans=({"effective_to_on": date(2026, 4, 30)}, TWO[1]), plan_lines=_lines(1_000_00, 2_500_00)),
        at_the_threshold("A tenth apart", plans=TWO, plan_lines=_lines(900_00, 1_000_00)),
    ),
)


def find(spending: Spending, *, apart_share: float = 0.1) -> pl.LazyFrame:
    """One row per holder and category that two plans in force on the day looked at both name."""
    day = pl.lit(spending.as_of)
    in_force = spending.plans.filter(
        (pl.col("status_code") == "approved")
        & (pl.col("effective_from_on") <= day)
        & (pl.col("effective_to_on").is_null() | (pl.col("effective_to_on") >= day))
    ).filter(pl.col("plan_ref").n_unique().over("holder_id") > 1)
    runs = pl.col("ends_on").is_null() | (pl.col("ends_on") >= day)
    by_plan = (
        spending.plan_lines.filter(runs & pl.col("category_code").is_not_null() & (pl.col("annual_pence") > 0))
        .join(in_force.select("plan_version_id", "plan_ref", "effective_from_on"), on="plan_version_id")
        .group_by("holder_id", "category_code", "plan_ref")
        .agg(pl.col("annual_pence").sum(), pl.col("effective_from_on").max())
    )
    both = (
        by_plan.group_by("holder_id", "category_code")
        .agg(
            pl.len().alias("plans_count"),
            pl.col("annual_pence").min().alias("least_pence"),
            pl.col("annual_pence").max().alias("most_pence"),
            pl.col("effective_from_on").max(),
        )
        .filter(pl.col("plans_count") > 1)
        .with_columns(NO_PAYMENT, at_stake_pence=pl.col("most_pence") - pl.col("least_pence"))
    )
    is_found = pl.col("at_stake_pence") > pl.col("most_pence") * apart_share
    return about(both, "holder", "holder_id", "effective_from_on", is_found, "category_code", "least_pence", "most_pence")
