"""An assistant who earns enough to be enrolled in a pension, on whose slips none appears."""

from __future__ import annotations

from datetime import date

import polars as pl

from phb_audit.rules.example import at_the_threshold, flagged, left_alone
from phb_audit.rules.payees import slips_with_payments
from phb_audit.rules.rule import Rule, Variant
from phb_audit.rules.spending import Spending, about

HAS_PENSION, SMALL = "has_pension", "small"
SLIP: dict[str, object] = {"gross_pence": 1_200_00, "pension_pence": 0, "paid_on": date(2026, 8, 28)}
FIRST: dict[str, object] = {
    **SLIP,
    "pay_slip_id": "W0",
    "period_from_on": date(2026, 4, 11),
    "period_to_on": date(2026, 5, 8),
    "paid_on": date(2026, 5, 8),
}

RULE = Rule(
    id="W-15",
    title="No pension on the pay slips",
    family="A5",
    basis="pension_duty",
    severity=1,
    outcome="query",
    looks_at="employed assistants paid for more than {weeks} weeks",
    sentence="{slips_count:many pay slip} of {payee_shown} since {first_on:day} come to {week_pence:pounds} a week before "
    "tax. None of them has "
    "a pension contribution.",
    not_found="{slips_count:many pay slip} since {first_on:day}, which is not yet more than {weeks} weeks.",
    usual="Whoever earns more than {trigger_pence:pounds} a week is enrolled in a pension within three months, unless they opt out.",
    innocent="The assistant may have opted out, be under 22 or over pension age, or pay into a scheme through another job.",
    ask="Ask the payroll agent whether the assistant was enrolled or has opted out. Nothing to ask the holder yet.",
    clears="An opt-out, a note of the age, or contributions on the next slip.",
    overtaken="A contribution appeared on a slip.",
    same_flag=("holder_id", "employee_id"),
    decides="payroll",
    owner="Personal health budgets lead",
    reviewer="Head of internal audit",
    next_review=date(2027, 4, 1),
    waits_for=("payroll",),
    variants={
        HAS_PENSION: Variant(not_found="At least one slip has a pension contribution."),
        SMALL: Variant(not_found="The slips come to {week_pence:pounds} a week before tax, not above {trigger_pence:pounds}."),
    },
    examples=(
        flagged("300 pounds a week for four months", pay_slips=(FIRST, SLIP)),
        left_alone("A contribution on the last slip", pay_slips=(FIRST, {**SLIP, "pension_pence": 60_00})),
        left_alone("150 pounds a week", pay_slips=tuple({**slip, "gross_pence": 600_00} for slip in (FIRST, SLIP))),
        left_alone("The agent sends no pension column", pay_slips=tuple({**slip, "pension_pence": None} for slip in (FIRST, SLIP))),
        at_the_threshold("Exactly 192 pounds a week", pay_slips=tuple({**slip, "gross_pence": 768_00} for slip in (FIRST, SLIP))),
    ),
)


def find(spending: Spending, *, trigger_pence: int = 192_00, weeks: int = 13) -> pl.LazyFrame:
    """One row per assistant on the payroll of a holder whose slips say pensions; the last slip stands for them."""
    days = (pl.col("period_to_on") - pl.col("period_from_on")).dt.total_days() + 1
    week = (pl.col("gross_pence") / days * 7).median().round(0).cast(pl.Int64)
    people = (
        slips_with_payments(spending)
        .filter(pl.col("pension_pence").is_not_null() & pl.col("gross_pence").is_not_null())
        .sort("slip_on", "pay_slip_id")
        .group_by("holder_id", "employee_id", maintain_order=True)
        .agg(
            pl.col("pay_slip_id", "payment_id", "payee_shown", "slip_on").last(),
            pl.col("period_from_on").min().alias("first_on"),
            pl.col("period_to_on").max().alias("last_on"),
            pl.len().cast(pl.Int64).alias("slips_count"),
            pl.col("pension_pence").max().alias("most_pence"),
            week.alias("week_pence"),
        )
        .with_columns(at_stake_pence=pl.lit(0, dtype=pl.Int64))
    )
    variant = (
        pl.when(pl.col("most_pence") > 0)
        .then(pl.lit(HAS_PENSION))
        .when(pl.col("week_pence") <= trigger_pence)
        .then(pl.lit(SMALL))
        .otherwise(pl.lit(""))
    )
    people = people.with_columns(variant_code=variant)
    is_long = (pl.col("last_on") - pl.col("first_on")).dt.total_days() + 1 > weeks * 7
    measured = ("employee_id", "first_on", "slips_count", "week_pence", "payee_shown", "variant_code")
    return about(people, "pay_slip", "pay_slip_id", "slip_on", is_long & (pl.col("variant_code") == ""), *measured)
