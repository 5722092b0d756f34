"""More hours paid to one assistant than a day or a week can well hold."""

from __future__ import annotations

from datetime import date

import polars as pl

from phb_audit.rules.agreed_hours import slips_beside_plans
from phb_audit.rules.example import at_the_threshold, flagged, left_alone
from phb_audit.rules.rule import Rule, Variant
from phb_audit.rules.spending import Spending, about

DAY, LIVE_IN = "day", "live_in"
SLIP: dict[str, object] = {"hours_count": 300.0}
LIVES_IN: tuple[dict[str, object], ...] = ({"category_code": "C01", "description": "Live-in assistants in turn"},)

RULE = Rule(
    id="W-06",
    title="More hours than a week holds",
    family="A5",
    basis="pay_for_work_done",
    severity=3,
    outcome="query",
    looks_at="hours paid as worked to one assistant for the same days",
    sentence="{paid_hours} hours were paid as worked to {payee_shown} for {period_from_on:day} to {period_to_on:day}, {each_week} a week.",
    not_found="{paid_hours} hours were paid for {period_from_on:day} to {period_to_on:day}, {each_week} a week.",
    usual="One assistant works at most {most_hours} hours a week, unless the plan agrees live-in support.",
    innocent="Sleep-ins or live-in days may have been entered as hours worked, two periods may stand on one slip, or a digit "
    "may have slipped.",
    ask="Ask the payroll agent for the timesheets. Nothing to ask the holder yet.",
    clears="A corrected slip, timesheets, or a note of sleep-ins or live-in support.",
    overtaken="The pay slip or the plan was corrected.",
    same_flag=("holder_id", "employee_id", "period_from_on"),
    decides="payroll",
    owner="Head of finance",
    reviewer="Head of internal audit",
    next_review=date(2027, 4, 1),
    waits_for=("payroll",),
    restricted_with=("A-03", "A-11", "E-05", "E-06", "W-07"),
    variants={
        DAY: Variant(
            sentence="{paid_hours} hours were paid as worked to {payee_shown} for {period_from_on:day} to {period_to_on:day}. These days "
            "have {day_hours} hours.",
        ),
        LIVE_IN: Variant(not_found="The plan agrees live-in support, so {each_week} hours a week may be right."),
    },
    examples=(
        flagged("75 hours a week", pay_slips=(SLIP,)),
        flagged("700 hours in 28 days", pay_slips=({**SLIP, "hours_count": 700.0},)),
        flagged(
            "Two slips for the same days", flags=1, pay_slips=({**SLIP, "hours_count": 150.0}, {"pay_slip_id": "W2", "hours_count": 160.0})
        ),
        left_alone("37 hours a week", pay_slips=({**SLIP, "hours_count": 148.0},)),
        left_alone("75 hours a week, live-in support is agreed", pay_slips=(SLIP,), plans=({},), plan_lines=LIVES_IN),
        at_the_threshold("Exactly 70 hours a week", pay_slips=({**SLIP, "hours_count": 280.0},)),
    ),
)


def find(spending: Spending, *, most_hours: int = 70) -> pl.LazyFrame:
    """One row per pay slip with worked hours; slips of one assistant for the same days count together."""
    same = ["holder_id", "employee_id", "period_from_on", "period_to_on"]
    days = (pl.col("period_to_on") - pl.col("period_from_on")).dt.total_days() + 1
    rows = (
        slips_beside_plans(spending)
        .with_columns(paid_hours=pl.col("hours_count").sum().round(1).over(same), day_hours=days * 24)
        .with_columns(each_week=(pl.col("paid_hours") / days * 7).round(1))
    )
    is_more_than_days = pl.col("paid_hours") > pl.col("day_hours")
    # A slip of less than a week may hold one long weekend: it is held against the week.
    is_long = (pl.col("paid_hours") > most_hours) & (pl.col("each_week") > most_hours)
    variant = pl.when(is_more_than_days).then(pl.lit(DAY)).when(pl.col("is_live_in")).then(pl.lit(LIVE_IN)).otherwise(pl.lit(""))
    rows = rows.with_columns(variant_code=variant)
    is_found = is_more_than_days | (is_long & (pl.col("variant_code") == ""))
    measured = ("pay_slip_id", "employee_id", "paid_hours", "each_week", "day_hours", "period_from_on", "period_to_on", "payee_shown")
    return about(rows, "pay_slip", "pay_slip_id", "slip_on", is_found, *measured, "variant_code")
