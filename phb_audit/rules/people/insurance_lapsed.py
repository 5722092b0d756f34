"""Assistants worked on days for which no employers' liability insurance is on the list of papers."""

from __future__ import annotations

from datetime import date

import polars as pl

from phb_audit.rules.example import at_the_threshold, flagged, left_alone
from phb_audit.rules.payees import slips_with_payments
from phb_audit.rules.rule import Rule, Variant
from phb_audit.rules.spending import Spending, about, at_once
from phb_audit.rules.support import kept_lists

LAPSED, MISSING, PAID = "lapsed", "missing", "paid"
KIND, PREMIUM = "employers_liability", "C03"
COVER: dict[str, object] = {
    "record_code": "employers_liability",
    "about_code": "holder",
    "valid_from_on": date(2025, 7, 1),
    "valid_until_on": date(2026, 6, 30),
}
OTHER: dict[str, object] = {"record_code": "contract", "about_code": "assistant", "employee_id": "E1"}
BEFORE: dict[str, object] = {"pay_slip_id": "W0", "period_from_on": date(2026, 6, 1), "period_to_on": date(2026, 6, 28)}
NEWER: dict[str, object] = {**COVER, "record_id": "D2", "valid_from_on": date(2026, 7, 1), "valid_until_on": date(2027, 6, 30)}

RULE = Rule(
    id="W-14",
    title="Employers' liability insurance lapsed",
    family="A5",
    basis="employers_liability",
    severity=3,
    outcome="query",
    looks_at="days worked by employed assistants of holders for whom a list of papers is kept",
    sentence="Assistants worked from {period_from_on:day} to {period_to_on:day}. The insurance on the list of papers ended "
    "on {holds_until_on:day}.",
    not_found="The insurance on the list holds until {holds_until_on:day}, for work from {period_from_on:day}.",
    usual="Whoever employs an assistant is insured on every day of work. A certificate {grace_days} days late is not asked about.",
    innocent="The insurance may have been renewed and the new certificate not yet sent.",
    ask="Ask the support service or the holder for the new certificate. Offer help to renew at once where there is none.",
    clears="A certificate that holds for these days.",
    overtaken="A certificate was put on the list.",
    same_flag=("holder_id", "holds_until_on"),
    decides="papers",
    owner="Personal health budgets lead",
    reviewer="Head of internal audit",
    next_review=date(2027, 4, 1),
    waits_for=("support_records", "payroll", "bank", "card"),
    variants={
        LAPSED: Variant(),
        MISSING: Variant(
            sentence="Assistants worked from {period_from_on:day} to {period_to_on:day}. The papers kept for this budget "
            "hold no employers' liability "
            "insurance.",
        ),
        PAID: Variant(not_found="A premium was paid on {premium_on:day}, so the insurance was likely renewed."),
    },
    examples=(
        flagged("August worked, the insurance ended in June", pay_slips=({},), support_records=(COVER,)),
        flagged("A list of papers without insurance", pay_slips=(BEFORE, {}), support_records=(OTHER,)),
        left_alone("A list of papers without insurance, in the first weeks", pay_slips=({},), support_records=(OTHER,)),
        left_alone("Renewed", pay_slips=({},), support_records=(COVER, NEWER)),
        left_alone(
            "A premium was paid in June",
            pay_slips=({},),
            support_records=(COVER,),
            payments=({"category_code": "C03", "paid_on": date(2026, 6, 20)},),
        ),
        left_alone("No list of papers is kept", pay_slips=({},)),
        at_the_threshold("The last of the days", pay_slips=({},), support_records=({**COVER, "valid_until_on": date(2026, 7, 29)},)),
    ),
)


def find(spending: Spending, *, grace_days: int = 30) -> pl.LazyFrame:
    """One row per pay slip with worked hours of a holder with a list of papers."""
    covers = spending.support_records.filter(pl.col("record_code") == KIND)
    cover = covers.group_by("holder_id").agg(
        pl.col("valid_until_on").max().alias("holds_until_on"), pl.col("valid_until_on").is_null().any().alias("has_no_end")
    )
    slips = at_once(
        slips_with_payments(spending)
        .filter(pl.col("hours_kind_code") == "worked")
        .join(kept_lists(spending), on="holder_id")
        .join(cover, on="holder_id", how="left")
        .join(_premiums(spending), on="holder_id", how="left")
        .with_columns(asked_from_on=pl.coalesce("holds_until_on", pl.col("period_from_on").min().over("holder_id")))
    )
    # A yearly premium renews: one paid shortly before the end or after it speaks for the days that follow.
    renews_from = pl.col("holds_until_on").fill_null(pl.col("period_from_on") - pl.duration(days=365)) - pl.duration(days=60)
    has_no_end = pl.col("has_no_end").fill_null(value=False)
    is_bare = ~has_no_end & (pl.col("period_to_on") > pl.col("asked_from_on") + pl.duration(days=grace_days))
    is_paid = (pl.col("premium_on") >= renews_from).fill_null(value=False)
    variant = (
        pl.when(is_bare & is_paid)
        .then(pl.lit(PAID))
        .when(is_bare & pl.col("holds_until_on").is_null())
        .then(pl.lit(MISSING))
        .otherwise(pl.lit(LAPSED))
    )
    rows = slips.with_columns(variant_code=variant, at_stake_pence=pl.lit(0, dtype=pl.Int64))
    measured = ("period_from_on", "period_to_on", "holds_until_on", "premium_on", "variant_code")
    return about(rows, "pay_slip", "pay_slip_id", "slip_on", is_bare & ~is_paid, *measured)


def _premiums(spending: Spending) -> pl.LazyFrame:
    """One row per holder who paid a premium: the last day."""
    paid = spending.payments.filter((pl.col("category_code") == PREMIUM) & (pl.col("amount_pence") > 0))
    return paid.group_by("holder_id").agg(pl.col("paid_on").max().alias("premium_on"))
