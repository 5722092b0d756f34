"""Timesheets put one assistant with two people at the same time. Nothing of the other person is shown."""

from __future__ import annotations

from datetime import date

import polars as pl

from phb_audit.rules.example import Row, at_the_threshold, flagged, left_alone
from phb_audit.rules.rule import Rule, Variant
from phb_audit.rules.spending import NO_PAYMENT, Spending, about

FEW = "few"


def _days(count: int, minutes: int = 60) -> tuple[Row, ...]:
    return tuple({"visit_id": f"U{place}", "visited_on": date(2026, 9, place), "both_minutes": minutes} for place in range(1, count + 1))


RULE = Rule(
    id="W-08",
    title="One assistant at two places at once",
    family="A5",
    basis="pay_for_work_done",
    severity=4,
    outcome="query",
    looks_at="shifts on timesheets during which the same assistant has a shift with somebody else",
    sentence="On {days_count:many day} between {first_on:day} and {last_on:day} timesheets put one assistant here and with "
    "another holder at the "
    "same time, {both_hours} hours in all.",
    not_found="On {days_count:many day} timesheets put one assistant here and with another holder at the same time, "
    "{both_hours} hours in all.",
    usual="Shifts follow one another. Less than {least_minutes} minutes, or fewer than {least_days} days, are not asked about.",
    innocent="The assistant may support two members of one family together, or a shift was swapped and one timesheet not changed.",
    ask="Ask the payroll agent for both timesheets and rotas. Nothing to ask the holder yet.",
    clears="A corrected timesheet, or an agreement that two people are supported together.",
    overtaken="A timesheet was corrected.",
    same_flag=("holder_id", "employee_id"),
    decides="payroll",
    owner="Head of finance",
    reviewer="Head of internal audit",
    next_review=date(2027, 4, 1),
    waits_for=("visits", "payroll"),
    restricted_with=("A-03", "A-11", "E-05", "E-06", "W-07"),
    variants={FEW: Variant(not_found="Timesheets overlap on {days_count:many day} only, which a swapped shift explains.")},
    examples=(
        flagged("Three mornings in two places", shared_shifts=_days(3)),
        left_alone("One morning", shared_shifts=_days(1)),
        left_alone("Ten minutes on the way from one to the other", shared_shifts=_days(5, 10)),
        at_the_threshold("Exactly three days of exactly half an hour", flags=1, shared_shifts=_days(3, 30)),
        at_the_threshold("Two days", shared_shifts=_days(2)),
    ),
)


def find(spending: Spending, *, least_minutes: int = 30, least_days: int = 3) -> pl.LazyFrame:
    """One row per holder and assistant whose shifts overlap with shifts for somebody else."""
    is_long = pl.col("both_minutes") >= least_minutes
    people = (
        spending.shared_shifts.group_by("holder_id", "employee_id")
        .agg(
            pl.col("visited_on").filter(is_long).n_unique().cast(pl.Int64).alias("days_count"),
            pl.col("visited_on").min().alias("first_on"),
            pl.col("visited_on").max().alias("last_on"),
            (pl.col("both_minutes").sum() / 60).round(1).alias("both_hours"),
        )
        .with_columns(NO_PAYMENT, at_stake_pence=pl.lit(0, dtype=pl.Int64))
    )
    is_found = pl.col("days_count") >= least_days
    variant = pl.when(~is_found & (pl.col("days_count") > 0)).then(pl.lit(FEW)).otherwise(pl.lit("")).alias("variant_code")
    measured = ("employee_id", "days_count", "first_on", "last_on", "both_hours")
    return about(people, "holder", "holder_id", "last_on", is_found, *measured, variant_code=variant)
