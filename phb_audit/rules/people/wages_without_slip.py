"""Wages paid to an assistant for whom no pay slip came."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl

from phb_audit.rules.example import at_the_threshold, flagged, left_alone
from phb_audit.rules.rule import Rule, Variant
from phb_audit.rules.spending import Spending, about_payments, at_once

HAS_SLIP, NO_PAYROLL, BEHIND = "has_slip", "no_payroll", "behind"
PAY: dict[str, object] = {"payee_ref": "Y1", "payee_shown": "a named person (Y12ab)", "category_code": "C01", "amount_pence": 500_00}
OTHER: tuple[dict[str, object], ...] = ({"payee_ref": "Y2", "paid_on": date(2026, 8, 28)},)
PAYROLL: tuple[dict[str, object], ...] = ({"feed_code": "payroll"},)

RULE = Rule(
    id="W-10",
    title="Wages without a pay slip",
    family="A5",
    basis="pay_records",
    severity=3,
    outcome="query",
    looks_at="wages of {least_pence:pounds} or more to named persons out of direct payments",
    sentence="{amount_pence:pounds} was paid as wages to {payee_shown} on {paid_on:day}. The payroll sends slips for this "
    "budget, but none for that person within {days} days.",
    not_found="No slip is missing: the payroll we hold does not speak of this budget.",
    usual="Every wage has a pay slip within {days} days.",
    innocent="The assistant may be self-employed and have sent an invoice, or the slip came under another name.",
    ask="Ask the payroll agent for the slip. Then the holder how the assistant is employed.",
    clears="A pay slip, or an invoice of a self-employed assistant with the commissioner's agreement.",
    overtaken="A pay slip was added.",
    same_flag=("payment_id",),
    decides="payroll",
    owner="Head of finance",
    reviewer="Head of internal audit",
    next_review=date(2027, 4, 1),
    waits_for=("payroll",),
    variants={
        HAS_SLIP: Variant(not_found="A pay slip, receipt or invoice stands beside it."),
        NO_PAYROLL: Variant(),
        BEHIND: Variant(not_found="The payroll file does not reach past {paid_on:day} by {posted_days} days yet."),
    },
    examples=(
        flagged("An assistant the payroll does not know", payments=(PAY,), pay_slips=OTHER, feeds=PAYROLL),
        left_alone("A slip of that week", payments=(PAY,), pay_slips=({"payee_ref": "Y1", "paid_on": date(2026, 8, 7)},), feeds=PAYROLL),
        left_alone("An invoice of a self-employed assistant", payments=({**PAY, "receipt_id": "R1"},), pay_slips=OTHER, feeds=PAYROLL),
        left_alone("No payroll is sent for this budget", payments=(PAY,), feeds=PAYROLL),
        at_the_threshold(
            "The slip is dated on the last of the days",
            payments=(PAY,),
            pay_slips=({"payee_ref": "Y1", "paid_on": date(2026, 8, 8)},),
            feeds=PAYROLL,
        ),
    ),
)


def find(spending: Spending, *, days: int = 5, posted_days: int = 14, least_pence: int = 50_00) -> pl.LazyFrame:
    """One row per wage payment to a named person."""
    wages = spending.payments.filter(
        pl.col("payee_ref").is_not_null()
        & (pl.col("category_code") == "C01")
        & (pl.col("amount_pence") >= least_pence)
        & (pl.col("holding_code") == "direct_payment")
        & pl.col("feed_code").is_in(["bank", "card"])
    )
    slips = spending.pay_slips.select("holder_id", "payee_ref", "net_pence", slip_on=pl.coalesce("paid_on", "period_to_on"))
    paid = at_once(wages.select("payment_id", "holder_id", "payee_ref", "paid_on", net_pence="amount_pence").sort("paid_on"))
    # Another week's slip does not stand for this payment; one of the same amount, paid late, does.
    person = ["holder_id", "payee_ref"]
    near = pl.concat([_within(paid, slips, person, days), _within(paid, slips, [*person, "net_pence"], posted_days)]).unique()
    on_payroll = slips.group_by("holder_id").agg(pl.col("slip_on").min().alias("first_slip_on"))
    reached = spending.feeds.filter(pl.col("feed_code") == "payroll").select(reached_on=pl.col("last_data_on").max())
    starts_late = (pl.col("first_slip_on") > pl.col("paid_on") + pl.duration(days=posted_days * 3)).fill_null(True)
    is_behind = (pl.col("reached_on") < pl.col("paid_on") + pl.duration(days=posted_days)).fill_null(True)
    rows = (
        wages.join(near, on="payment_id", how="left")
        .join(on_payroll, on="holder_id", how="left")
        .join(reached, how="cross")
        .with_columns(
            variant_code=pl.when(pl.col("has_slip").fill_null(False) | pl.col("receipt_id").is_not_null())
            .then(pl.lit(HAS_SLIP))
            .when(starts_late)
            .then(pl.lit(NO_PAYROLL))
            .when(is_behind)
            .then(pl.lit(BEHIND))
            .otherwise(pl.lit(""))
        )
    )
    return about_payments(rows, pl.col("variant_code") == "", "variant_code")


def _within(paid: pl.LazyFrame, slips: pl.LazyFrame, same: list[str], days: int) -> pl.LazyFrame:
    """One row per payment with a slip of the same person at most so many days from it."""
    return (
        paid.join_asof(
            slips.drop_nulls([*same, "slip_on"]).select(*same, "slip_on").sort("slip_on"),
            left_on="paid_on",
            right_on="slip_on",
            by=same,
            strategy="nearest",
            tolerance=timedelta(days=days),
            check_sortedness=False,
        )
        .filter(pl.col("slip_on").is_not_null())
        .select("payment_id", has_slip=pl.lit(True))
    )
