"""Timesheets that nobody but the assistant signs.

A rota that is the same every week is how most people live, and is not asked about by itself: it is said where nobody signed either.
"""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl

from phb_audit.rules.example import Row, at_the_threshold, flagged, left_alone
from phb_audit.rules.rule import Rule, Variant
from phb_audit.rules.spending import NO_PAYMENT, Spending, about

UNSIGNED, SAME, SIGNED = "unsigned", "same", "signed"
NOT_THEIRS = ("nobody", "assistant")


def _weekly(count: int, signed: str = "nobody", step: int = 0) -> tuple[Row, ...]:
    return tuple(
        {
            "visit_id": f"U{place}",
            "visited_on": date(2026, 7, 6) + timedelta(weeks=place),
            "starts_minute": 540 + step * place,
            "ends_minute": 720 + step * place,
            "signed_code": signed,
        }
        for place in range(count)
    )


RULE = Rule(
    id="W-19",
    title="Timesheets not signed",
    family="A5",
    basis="support_papers",
    severity=1,
    outcome="query",
    looks_at="shifts on timesheets that say who signed, of the last {weeks} weeks before an assistant's newest one",
    sentence="{shifts_count:many shift} of one assistant from {first_on:day} to {last_on:day} are on timesheets. None is "
    "signed by the holder or "
    "somebody for them.",
    not_found="{signed_count} of {shifts_count:many shift} are signed by the holder or somebody for them.",
    usual="The holder, or whoever acts for them, signs timesheets. At least {least_shifts} unsigned shifts, and no signed "
    "one, are asked about.",
    innocent="Signing may be hard for the holder, or be done in another way that the list does not show.",
    ask="Ask the holder or nominee how hours are confirmed, and offer an easier way.",
    clears="A note of how hours are confirmed.",
    overtaken="Signed timesheets came.",
    same_flag=("holder_id", "employee_id"),
    decides="payroll",
    owner="Personal health budgets lead",
    reviewer="Head of internal audit",
    next_review=date(2027, 4, 1),
    waits_for=("visits",),
    variants={
        UNSIGNED: Variant(),
        SAME: Variant(
            sentence="{shifts_count:many shift} of one assistant from {first_on:day} to {last_on:day} are on timesheets. "
            "None is signed by the "
            "holder or somebody for them, and they are the same to the minute every week.",
        ),
        SIGNED: Variant(),
    },
    examples=(
        flagged("Ten weeks that nobody signed", visits=_weekly(10, step=5)),
        flagged("Ten weeks, all the same, signed by the assistant", visits=_weekly(10, "assistant")),
        left_alone("The same every week, signed by the holder", visits=_weekly(10, "holder")),
        left_alone("The list does not say who signed", visits=tuple({**row, "signed_code": None} for row in _weekly(10))),
        left_alone("One of ten is signed", visits=(*_weekly(9), {**_weekly(10)[9], "signed_code": "nominee"})),
        at_the_threshold("Exactly eight shifts", flags=1, visits=_weekly(8)),
        at_the_threshold("Seven shifts", visits=_weekly(7)),
    ),
)


def find(spending: Spending, *, weeks: int = 13, least_shifts: int = 8) -> pl.LazyFrame:
    """One row per holder and assistant with shifts on timesheets that say who signed."""
    person = ["holder_id", "employee_id"]
    shifts = (
        spending.visits.filter(
            (pl.col("source_code") == "timesheet") & pl.col("signed_code").is_not_null() & pl.col("employee_id").is_not_null()
        )
        .with_columns(last_on=pl.col("visited_on").max().over(person))
        .filter(pl.col("visited_on") > pl.col("last_on") - pl.duration(weeks=weeks))
    )
    times = pl.concat_str(pl.col("visited_on").dt.weekday(), "starts_minute", "ends_minute", separator="-")
    people = (
        shifts.group_by(person)
        .agg(
            pl.len().cast(pl.Int64).alias("shifts_count"),
            (~pl.col("signed_code").is_in(NOT_THEIRS)).sum().cast(pl.Int64).alias("signed_count"),
            pl.col("visited_on").min().alias("first_on"),
            pl.col("last_on").first(),
            pl.col("visited_on").dt.truncate("1w").n_unique().alias("weeks_count"),
            # The same times on the same days in every week: no more kinds of shift than fit into one of them.
            (times.n_unique() * pl.col("visited_on").dt.truncate("1w").n_unique() == pl.len()).alias("is_same"),
        )
        .with_columns(NO_PAYMENT, at_stake_pence=pl.lit(0, dtype=pl.Int64))
    )
    is_found = (pl.col("signed_count") == 0) & (pl.col("shifts_count") >= least_shifts)
    variant = (
        pl.when(is_found & pl.col("is_same") & (pl.col("weeks_count") >= least_shifts))
        .then(pl.lit(SAME))
        .when(is_found)
        .then(pl.lit(UNSIGNED))
        .otherwise(pl.lit(SIGNED))
        .alias("variant_code")
    )
    measured = ("employee_id", "shifts_count", "signed_count", "first_on", "last_on", "weeks_count")
    return about(people, "holder", "holder_id", "last_on", is_found, *measured, variant_code=variant)
