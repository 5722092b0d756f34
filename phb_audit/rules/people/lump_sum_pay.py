"""Holiday, sick or redundancy pay in one sum: recorded, because the budget must be able to bear it. Nobody is asked."""

from __future__ import annotations

from datetime import date

import polars as pl

from phb_audit.rules.example import at_the_threshold, flagged, left_alone
from phb_audit.rules.payees import slips_with_payments
from phb_audit.rules.rule import Rule, Variant
from phb_audit.rules.spending import Spending, about

ON_SLIP, ON_ACCOUNT = "on_slip", "on_account"
LEAVE = "C07"
WORKED: dict[str, object] = {
    "pay_slip_id": "W0",
    "period_from_on": date(2026, 6, 1),
    "period_to_on": date(2026, 6, 28),
    "hours_count": 80.0,
}
HOLIDAY: dict[str, object] = {"hours_kind_code": "holiday", "hours_count": 60.0}
PAID: dict[str, object] = {"category_code": "C07", "amount_pence": 900_00, "payee_ref": "Y1", "payee_shown": "a named person (Y12ab)"}

RULE = Rule(
    id="W-23",
    title="Holiday, sick or redundancy pay in one sum",
    family="A5",
    basis="planned_liability",
    severity=1,
    outcome="information",
    looks_at="pay slips for holiday or sickness, and payments out of direct payments that read as leave or redundancy",
    sentence="{hours_count} hours of {hours_kind_code} pay stand on one slip of {payee_shown}, {at_stake_pence:pounds} net. "
    "The usual week has "
    "{usual_hours} hours.",
    not_found="{hours_count} hours of {hours_kind_code} pay; the usual week has {usual_hours} hours.",
    usual="Holiday and sickness are paid as they fall. At most {weeks} weeks in one sum are not told.",
    innocent="It is what an employer owes: holiday saved up, a long illness, or the end of the employment.",
    ask="Nobody is asked. The care co-ordinator may look whether the budget bears it.",
    clears="Nothing to clear.",
    overtaken="The pay slip or the payment was put right.",
    same_flag=("subject_id",),
    decides="payroll",
    owner="Personal health budgets lead",
    reviewer="Head of internal audit",
    next_review=date(2027, 4, 1),
    waits_for=("payroll",),
    variants={
        ON_SLIP: Variant(),
        ON_ACCOUNT: Variant(
            sentence="{at_stake_pence:pounds} was paid to {payee_shown} on {subject_on:day} and reads as holiday, sick or redundancy pay.",
            not_found="{at_stake_pence:pounds} reads as holiday, sick or redundancy pay, and is not above {least_pence:pounds}.",
        ),
    },
    examples=(
        flagged("60 hours of holiday, 20 hours is a week", pay_slips=(WORKED, HOLIDAY)),
        flagged("900 pounds that read as redundancy", payments=(PAID,)),
        left_alone("A week of holiday", pay_slips=(WORKED, {**HOLIDAY, "hours_count": 20.0})),
        left_alone("A small payment for a day's leave", payments=({**PAID, "amount_pence": 80_00},)),
        at_the_threshold("Exactly two weeks of holiday", pay_slips=(WORKED, {**HOLIDAY, "hours_count": 40.0})),
    ),
)


def find(spending: Spending, *, weeks: float = 2.0, least_pence: int = 500_00) -> pl.LazyFrame:
    """One row per pay slip for holiday or sickness, and per payment that reads as leave, sickness or redundancy."""
    days = (pl.col("period_to_on") - pl.col("period_from_on")).dt.total_days() + 1
    usual = (
        spending.pay_slips.filter(pl.col("hours_kind_code") == "worked")
        .group_by("holder_id", "employee_id")
        .agg((pl.col("hours_count") / days * 7).median().round(1).alias("usual_hours"))
    )
    slips = (
        slips_with_payments(spending)
        .filter(pl.col("hours_kind_code").is_in(["holiday", "sick"]) & (pl.col("hours_count") > 0))
        .join(usual, on=["holder_id", "employee_id"])
        .with_columns(variant_code=pl.lit(ON_SLIP))
    )
    measured = ("hours_count", "hours_kind_code", "usual_hours", "payee_shown", "variant_code")
    on_slips = about(slips, "pay_slip", "pay_slip_id", "slip_on", pl.col("hours_count") > pl.col("usual_hours") * weeks, *measured)
    paid = (
        spending.payments.filter(
            (pl.col("category_code") == LEAVE)
            & ~pl.col("is_abstained")
            & (pl.col("amount_pence") > 0)
            & (pl.col("holding_code") == "direct_payment")
        )
        .join(slips.select("payment_id").drop_nulls(), on="payment_id", how="anti")
        .with_columns(
            pl.lit(None, dtype=pl.Float64).alias("hours_count"),
            pl.lit(None, dtype=pl.String).alias("hours_kind_code"),
            pl.lit(None, dtype=pl.Float64).alias("usual_hours"),
            at_stake_pence="amount_pence",
            subject_id="payment_id",
            variant_code=pl.lit(ON_ACCOUNT),
        )
    )
    on_account = about(paid, "payment", "subject_id", "paid_on", pl.col("amount_pence") > least_pence, *measured)
    return pl.concat([on_slips, on_account])
