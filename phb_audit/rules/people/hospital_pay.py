"""A personal assistant paid in full while the holder was in hospital, beyond the agreed retainer."""

from __future__ import annotations

from datetime import date

import polars as pl

from phb_audit.rules.example import at_the_threshold, flagged, left_alone
from phb_audit.rules.payees import slips_with_payments
from phb_audit.rules.rule import Rule, Variant
from phb_audit.rules.spending import Spending, about

NOT_WORKED, LESS = "not_worked", "less"
STAY: tuple[dict[str, object], ...] = ({"event_code": "admission", "from_on": date(2026, 6, 1), "to_on": date(2026, 9, 15)},)
SLIP: dict[str, object] = {"period_from_on": date(2026, 8, 1), "period_to_on": date(2026, 8, 28), "hours_count": 80.0}
BEFORE: dict[str, object] = {
    "pay_slip_id": "W0",
    "period_from_on": date(2026, 5, 1),
    "period_to_on": date(2026, 5, 28),
    "hours_count": 80.0,
}

RULE = Rule(
    id="W-03",
    title="Hospital pay beyond the retainer",
    family="A5",
    basis="hospital_pay",
    severity=3,
    outcome="query",
    looks_at="pay slips for days within a hospital stay",
    sentence="{hours_count} hours were paid as worked for {period_from_on:day} to {period_to_on:day}. The holder was in "
    "hospital from {from_on:day}; the agreed retainer of {retainer_weeks:many week} ended on {retainer_on:day}.",
    not_found="The pay for {period_from_on:day} to {period_to_on:day} does not lie wholly after the agreed retainer ended on "
    "{retainer_on:day}.",
    usual="In hospital an assistant is kept on a retainer for {retainer_limit_weeks} weeks, or as the commissioner agreed, "
    "and then not paid as for work.",
    innocent="Some commissioners agree that an assistant goes on supporting in hospital, and training or holiday can fall in the stay.",
    ask="Ask the care co-ordinator whether support in hospital was agreed; then ask the payroll agent what the hours were.",
    clears="An agreement to support in hospital, or a corrected pay slip.",
    overtaken="The stay or the pay slip was put right.",
    same_flag=("pay_slip_id",),
    decides="hospital_pay",
    owner="Continuing healthcare lead",
    reviewer="Head of internal audit",
    next_review=date(2027, 4, 1),
    waits_for=("holder_events", "payroll"),
    variants={
        NOT_WORKED: Variant(not_found="The pay slip says the hours were {hours_kind_code}, not worked."),
        LESS: Variant(not_found="{hours_count} hours were paid, fewer than the usual {usual_hours}: not full pay."),
    },
    examples=(
        flagged("Full hours in the third month of a stay", events=STAY, pay_slips=(BEFORE, SLIP)),
        left_alone("Paid as a retainer", events=STAY, pay_slips=(BEFORE, {**SLIP, "hours_kind_code": "retainer"})),
        left_alone("Half the usual hours", events=STAY, pay_slips=(BEFORE, {**SLIP, "hours_count": 40.0})),
        left_alone("A longer retainer was agreed", events=({**STAY[0], "detail": "12"},), pay_slips=(BEFORE, SLIP)),
        at_the_threshold(
            "The pay period begins on the last day of the retainer",
            events=STAY,
            pay_slips=(BEFORE, {**SLIP, "period_from_on": date(2026, 6, 28)}),
        ),
    ),
)


def find(spending: Spending, *, retainer_limit_weeks: int = 4, full_share: float = 0.75) -> pl.LazyFrame:
    """One row per pay slip and hospital stay that overlap."""
    weeks = pl.col("detail").fill_null("").str.extract(r"(\d+)").cast(pl.Int64, strict=False).fill_null(retainer_limit_weeks)
    stays = spending.events.filter(pl.col("event_code") == "admission").select(
        "holder_id",
        "from_on",
        left_on=pl.col("to_on").fill_null(spending.as_of),
        retainer_weeks=weeks,
        retainer_on=(pl.col("from_on") + pl.duration(weeks=weeks) - pl.duration(days=1)).cast(pl.Date),
    )
    usual = (
        spending.pay_slips.filter(pl.col("hours_kind_code") == "worked")
        .group_by("holder_id", "employee_id")
        .agg(pl.col("hours_count").median().alias("usual_hours"))
    )
    slips = (
        slips_with_payments(spending)
        .drop("left_on")
        .join(usual, on=["holder_id", "employee_id"], how="left")
        .join(stays, on="holder_id")
        .filter((pl.col("period_from_on") <= pl.col("left_on")) & (pl.col("period_to_on") >= pl.col("from_on")))
    )
    is_worked = pl.col("hours_kind_code") == "worked"
    is_full = (pl.col("hours_count") >= pl.col("usual_hours") * full_share).fill_null(True)
    is_within = (pl.col("period_from_on") > pl.col("retainer_on")) & (pl.col("period_to_on") <= pl.col("left_on"))
    variant = (
        pl.when(is_within & ~is_worked)
        .then(pl.lit(NOT_WORKED))
        .when(is_within & ~is_full)
        .then(pl.lit(LESS))
        .otherwise(pl.lit(""))
        .alias("variant_code")
    )
    measured = (
        "pay_slip_id",
        "hours_count",
        "usual_hours",
        "hours_kind_code",
        "period_from_on",
        "period_to_on",
        "from_on",
        "retainer_weeks",
        "retainer_on",
        "payee_shown",
    )
    return about(slips, "pay_slip", "pay_slip_id", "slip_on", is_within & is_worked & is_full, *measured, variant_code=variant)
