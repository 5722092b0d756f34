"""Hours paid as worked for days on which the holder was away."""

from __future__ import annotations

from datetime import date

import polars as pl

from phb_audit.rules.example import at_the_threshold, flagged, left_alone
from phb_audit.rules.payees import slips_with_payments
from phb_audit.rules.rule import Rule, Variant
from phb_audit.rules.spending import Spending, about

NOT_WORKED, TRAVELS = "not_worked", "travels"
HOLIDAYS = ("R01", "R02")
AWAY: dict[str, object] = {"event_code": "absence", "from_on": date(2026, 7, 20), "to_on": date(2026, 9, 10)}
SLIP: dict[str, object] = {"hours_count": 80.0}

RULE = Rule(
    id="W-04",
    title="Paid while the holder was away",
    family="A5",
    basis="pay_for_work_done",
    severity=3,
    outcome="query",
    looks_at="pay slips for days within an absence of more than {least_days} days",
    sentence="{hours_count} hours were paid as worked for {period_from_on:day} to {period_to_on:day}. The holder was away from "
    "{from_on:day} to {away_to_on:day}.",
    not_found="The pay for {period_from_on:day} to {period_to_on:day} does not lie wholly within the absence from {from_on:day}.",
    usual="While the holder is away without the assistant, pay is a retainer or holiday as agreed, and not for work.",
    innocent="The assistant may have gone along, which is often the point of the support, or looked after things at home as agreed.",
    ask="Ask the care co-ordinator whether the assistant went along; then the payroll agent what the hours were.",
    clears="A word that the assistant went along, an agreed retainer, or a corrected pay slip.",
    overtaken="The absence or the pay slip was put right.",
    same_flag=("pay_slip_id",),
    decides="hospital_pay",
    owner="Continuing healthcare lead",
    reviewer="Head of internal audit",
    next_review=date(2027, 4, 1),
    waits_for=("holder_events", "payroll", "plans", "plan_lines"),
    restricted_with=("A-03", "A-11", "E-05", "E-06"),
    variants={
        NOT_WORKED: Variant(not_found="The pay slip says the hours were {hours_kind_code}, not worked."),
        TRAVELS: Variant(not_found="The plan has a holiday or short break in it, and an assistant goes along to that."),
    },
    examples=(
        flagged("August paid as worked, away from July to September", events=(AWAY,), pay_slips=(SLIP,)),
        left_alone("Paid as a retainer", events=(AWAY,), pay_slips=({**SLIP, "hours_kind_code": "retainer"},)),
        left_alone("A holiday is in the plan", events=(AWAY,), pay_slips=(SLIP,), plans=({},), plan_lines=({"category_code": "R01"},)),
        left_alone("A week away", events=({**AWAY, "from_on": date(2026, 8, 3), "to_on": date(2026, 8, 9)},), pay_slips=(SLIP,)),
        at_the_threshold(
            "The pay period begins on the day before the absence", events=({**AWAY, "from_on": date(2026, 8, 2)},), pay_slips=(SLIP,)
        ),
    ),
)


def find(spending: Spending, *, least_days: int = 7) -> pl.LazyFrame:
    """One row per pay slip and longer absence that overlap."""
    away = (
        spending.events.filter(pl.col("event_code") == "absence")
        .select("holder_id", "from_on", away_to_on=pl.col("to_on").fill_null(spending.as_of))
        .filter((pl.col("away_to_on") - pl.col("from_on")).dt.total_days() + 1 > least_days)
    )
    with_holiday = (
        spending.plan_lines.filter(pl.col("category_code").is_in(HOLIDAYS))
        .join(
            spending.plans.filter(pl.col("status_code") != "draft").select("plan_version_id", "effective_from_on", "effective_to_on"),
            on="plan_version_id",
        )
        .group_by("holder_id")
        .agg(
            pl.col("effective_from_on").min().alias("planned_from_on"),
            pl.col("effective_to_on").fill_null(spending.as_of).max().alias("planned_to_on"),
        )
    )
    slips = (
        slips_with_payments(spending)
        .join(away, on="holder_id")
        .filter((pl.col("period_from_on") <= pl.col("away_to_on")) & (pl.col("period_to_on") >= pl.col("from_on")))
        .join(with_holiday, on="holder_id", how="left")
    )
    is_within = (pl.col("period_from_on") >= pl.col("from_on")) & (pl.col("period_to_on") <= pl.col("away_to_on"))
    is_planned = (pl.col("planned_from_on") <= pl.col("away_to_on")) & (pl.col("planned_to_on") >= pl.col("from_on"))
    is_worked = (pl.col("hours_kind_code") == "worked").fill_null(value=False)
    variant = (
        pl.when(is_within & ~is_worked)
        .then(pl.lit(NOT_WORKED))
        .when(is_within & is_planned.fill_null(value=False))
        .then(pl.lit(TRAVELS))
        .otherwise(pl.lit(""))
    )
    slips = slips.with_columns(variant_code=variant)
    measured = ("pay_slip_id", "hours_count", "hours_kind_code", "period_from_on", "period_to_on", "from_on", "away_to_on", "payee_shown")
    return about(slips, "pay_slip", "pay_slip_id", "slip_on", is_within & (pl.col("variant_code") == ""), *measured, "variant_code")
