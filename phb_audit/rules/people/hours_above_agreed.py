"""More hours paid as worked, over four weeks, than the plan agrees for all assistants together."""

from __future__ import annotations

from datetime import date

import polars as pl

from phb_audit.rules.agreed_hours import slips_beside_plans
from phb_audit.rules.example import at_the_threshold, flagged, left_alone
from phb_audit.rules.rule import Rule, Variant
from phb_audit.rules.spending import Spending, about, at_once

NOT_SAID, ONCE = "not_said", "once"
NEW_DAYS = 56
PLAN: tuple[dict[str, object], ...] = ({},)
LINE: tuple[dict[str, object], ...] = ({"category_code": "C01", "description": "Personal assistants, 20 hours a week"},)
SLIP: dict[str, object] = {"hours_count": 120.0, "rate_pence": 13_00}
HALF: dict[str, object] = {"pay_slip_id": "W2", "employee_id": "E2", "hours_count": 40.0}

RULE = Rule(
    id="W-05",
    title="Hours above those agreed",
    family="A5",
    basis="agreed_hours",
    severity=2,
    outcome="query",
    looks_at="hours paid as worked to employed assistants, all of them together over four weeks",
    sentence="{paid_hours} hours were paid as worked for the four weeks to {period_to_on:day}, {average_hours} a week. "
    "The plan agrees {agreed_hours} hours a week.",
    not_found="{paid_hours} hours were paid as worked for the four weeks to {period_to_on:day}; the plan agrees {agreed_hours} a week.",
    usual="Over four weeks the hours stay within {over_share:percent} of those in the plan. A busy week and a quiet one even out.",
    innocent="One assistant may have stood in for another who was ill or away, or more hours were agreed by telephone in a bad month.",
    ask="Ask the payroll agent or the holder what the further hours were for, and the care co-ordinator whether the plan is still enough.",
    clears="A note of the care co-ordinator, a changed plan, or hours of holiday or sickness that were entered as worked.",
    overtaken="The pay slips or the plan were corrected.",
    same_flag=("holder_id", "run_from_on"),
    decides="payroll",
    owner="Personal health budgets lead",
    reviewer="Clinical lead for personalised care",
    next_review=date(2027, 4, 1),
    waits_for=("payroll", "plans", "plan_lines"),
    variants={
        NOT_SAID: Variant(not_found="The plan in force does not say how many hours a week are agreed, so nothing can be held against it."),
        ONCE: Variant(not_found="More was paid in these four weeks than agreed, but not for the days of this slip."),
    },
    examples=(
        flagged("30 hours a week where 20 are agreed", plans=PLAN, plan_lines=LINE, pay_slips=(SLIP,)),
        flagged(
            "Two assistants, 24 hours a week together",
            plans=PLAN,
            plan_lines=LINE,
            pay_slips=({**SLIP, "hours_count": 56.0}, HALF),
        ),
        left_alone("20 hours a week", plans=PLAN, plan_lines=LINE, pay_slips=({**SLIP, "hours_count": 80.0},)),
        left_alone("The plan names no hours", plans=PLAN, plan_lines=({**LINE[0], "description": "Own team"},), pay_slips=(SLIP,)),
        left_alone(
            "Holiday beside the work",
            plans=PLAN,
            plan_lines=LINE,
            pay_slips=({**SLIP, "hours_count": 80.0}, {**HALF, "hours_kind_code": "holiday"}),
        ),
        at_the_threshold("22 hours a week, exactly a tenth more", plans=PLAN, plan_lines=LINE, pay_slips=({**SLIP, "hours_count": 88.0},)),
    ),
)


def find(spending: Spending, *, over_share: float = 0.1) -> pl.LazyFrame:
    """One row per pay slip with worked hours, beside the four weeks up to its last day."""
    slips = slips_beside_plans(spending)
    # A month's slip counts with the share of it that four weeks are.
    days = ((pl.col("period_to_on") - pl.col("period_from_on")).dt.total_days() + 1).clip(28)
    by_day = slips.group_by("holder_id", "period_to_on").agg(
        (pl.col("hours_count") * 28 / days).sum().alias("day_hours"), pl.col("week_hours").sum().alias("that_week_hours")
    )
    four_weeks = (
        by_day.sort("holder_id", "period_to_on")
        .rolling("period_to_on", period="28d", group_by="holder_id")
        .agg(pl.col("day_hours").sum().round(1).alias("paid_hours"), pl.col("that_week_hours").last())
    )
    most = pl.col("agreed_hours") * (1 + over_share)
    own_usual = pl.col("week_hours").median().over("holder_id", "employee_id")
    own_days = (pl.col("period_to_on") - pl.col("period_from_on").min().over("holder_id", "employee_id")).dt.total_days()
    rows = slips.join(four_weeks, on=["holder_id", "period_to_on"]).with_columns(
        is_over=(pl.col("paid_hours") > (most * 4).round(1)).fill_null(value=False),
        is_here=pl.col("that_week_hours") > most.round(1),
        is_more=(pl.col("week_hours") > own_usual) | (own_days < NEW_DAYS),
    )
    # Of several assistants paid that day the one with more hours than usual, or the new one, where there is one.
    is_theirs = pl.col("is_more") | ~pl.col("is_more").any().over("holder_id", "period_to_on")
    rows = at_once(rows.with_columns(is_found=pl.col("is_over") & pl.col("is_here") & is_theirs))
    rows = rows.join(_runs(rows.filter("is_found")), on=["holder_id", "period_to_on"], how="left").with_columns(
        average_hours=(pl.col("paid_hours") / 4).round(1),
        at_stake_pence=((pl.col("paid_hours") - pl.col("agreed_hours") * 4).clip(0) * pl.col("rate_pence"))
        .fill_null(0)
        .round(0)
        .cast(pl.Int64),
    )
    variant = (
        pl.when(pl.col("agreed_hours").is_null())
        .then(pl.lit(NOT_SAID))
        .when(pl.col("is_over") & ~pl.col("is_found"))
        .then(pl.lit(ONCE))
        .otherwise(pl.lit(""))
    )
    measured = ("pay_slip_id", "paid_hours", "average_hours", "agreed_hours", "period_to_on", "run_from_on", "payee_shown")
    return about(rows, "pay_slip", "pay_slip_id", "slip_on", pl.col("is_found"), *measured, variant_code=variant)


def _runs(found: pl.LazyFrame) -> pl.LazyFrame:
    """One row per holder and found day: run_from_on, the first of the found days that follow one another within five weeks."""
    days = found.select("holder_id", "period_to_on").unique().sort("holder_id", "period_to_on")
    gap = (pl.col("period_to_on") - pl.col("period_to_on").shift(1).over("holder_id")).dt.total_days()
    return (
        days.with_columns(run=(gap.fill_null(99) > 35).cum_sum())
        .with_columns(run_from_on=pl.col("period_to_on").min().over("run"))
        .drop("run")
    )
