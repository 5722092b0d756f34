"""Pay for days after the holder died or the assistant left."""

from __future__ import annotations

from datetime import date

import polars as pl

from phb_audit.rules.example import at_the_threshold, flagged, left_alone
from phb_audit.rules.payees import slips_with_payments
from phb_audit.rules.rule import Rule, Variant
from phb_audit.rules.spending import Spending, about

DIED, LEFT, NOTICE = "died", "left", "notice"
DEATH: tuple[dict[str, object], ...] = ({"event_code": "death", "from_on": date(2026, 6, 10)},)

RULE = Rule(
    id="W-07",
    title="Pay for days after the end",
    family="A5",
    basis="pay_for_work_done",
    severity=4,
    outcome="query",
    looks_at="pay slips of holders who have died and of assistants who have left",
    sentence="{at_stake_pence:pounds} net was paid as worked for {period_from_on:day} to {period_to_on:day}; the assistant had "
    "left on {ended_on:day}.",
    not_found="The pay is for {period_from_on:day} to {period_to_on:day}, which does not begin after the end on {ended_on:day}.",
    usual="Pay for work ends with the employment. Holiday owed, notice and redundancy may follow.",
    innocent="Holiday owed or notice may have been entered as hours worked, or the day of leaving is wrong.",
    ask="Ask the payroll agent what the pay was for and whether the day of leaving is right.",
    clears="A corrected pay slip, or a record that it was holiday, notice or redundancy.",
    overtaken="The pay slip or the day of the end was put right.",
    same_flag=("pay_slip_id",),
    decides="after_the_end",
    owner="Head of finance",
    reviewer="Head of internal audit",
    next_review=date(2027, 4, 1),
    waits_for=("holder_events", "payroll"),
    restricted_with=("A-03", "E-05", "E-06"),
    variants={
        LEFT: Variant(),
        DIED: Variant(
            sentence="The person has died ({ended_on:day}). {at_stake_pence:pounds} net was paid to an assistant as worked for "
            "days after that, {period_from_on:day} to {period_to_on:day}.",
            innocent="Notice or redundancy pay, which is owed to the assistant, may have been entered as hours worked.",
            ask="Ask the payroll agent first. Only if that does not settle it, write gently to the personal representatives.",
        ),
        NOTICE: Variant(
            not_found="The pay slip says the pay is {hours_kind_code}, or it lies within the {notice_days} days of notice agreed here."
        ),
    },
    examples=(
        flagged("August paid as worked, after a death in June", events=DEATH, pay_slips=({},)),
        flagged("August paid as worked, left in May", pay_slips=({"left_on": date(2026, 5, 31)},)),
        left_alone("Holiday owed", pay_slips=({"left_on": date(2026, 5, 31), "hours_kind_code": "holiday"},)),
        at_the_threshold(
            "The pay period begins on the day of the death",
            events=({**DEATH[0], "from_on": date(2026, 8, 1)},),
            pay_slips=({},),
        ),
    ),
)


def find(spending: Spending, *, notice_days: int = 0) -> pl.LazyFrame:
    """One row per pay slip whose holder has died or whose assistant has left; notice is left alone only after a death."""
    deaths = spending.events.filter(pl.col("event_code") == "death").group_by("holder_id").agg(pl.col("from_on").min().alias("died_on"))
    slips = (
        slips_with_payments(spending)
        .join(deaths, on="holder_id", how="left")
        .filter(pl.col("died_on").is_not_null() | pl.col("left_on").is_not_null())
        .with_columns(
            ended_on=pl.min_horizontal("died_on", "left_on"),
            is_death=(pl.col("died_on") <= pl.col("left_on")).fill_null(pl.col("died_on").is_not_null()),
        )
        .with_columns(after_days=(pl.col("period_from_on") - pl.col("ended_on")).dt.total_days())
    )
    is_notice = (pl.col("hours_kind_code") != "worked").fill_null(False) | (pl.col("is_death") & (pl.col("after_days") <= notice_days))
    is_found = (pl.col("after_days") > 0) & ~is_notice
    variant = (
        pl.when((pl.col("after_days") > 0) & is_notice)
        .then(pl.lit(NOTICE))
        .when("is_death")
        .then(pl.lit(DIED))
        .otherwise(pl.lit(LEFT))
        .alias("variant_code")
    )
    return about(
        slips,
        "pay_slip",
        "pay_slip_id",
        "slip_on",
        is_found,
        "pay_slip_id",
        "period_from_on",
        "period_to_on",
        "ended_on",
        "after_days",
        "hours_kind_code",
        "payee_shown",
        variant_code=variant,
    )
