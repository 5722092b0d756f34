"""A large first payment to somebody this person has never paid before. Told, so that it can be looked at; nobody is asked."""

from __future__ import annotations

from datetime import date

import polars as pl

from phb_audit.rules.example import Row, at_the_threshold, flagged, left_alone
from phb_audit.rules.rule import Rule, Variant
from phb_audit.rules.spending import Spending, about_payments

FITS, KNOWN, SHORT = "fits", "known", "short"
USUAL: tuple[Row, ...] = tuple({"payment_id": f"Q{place}", "payee_id": "M2", "paid_on": date(2026, 5, place)} for place in range(1, 9))
LARGE: dict[str, object] = {"amount_pence": 300_00, "match_code": "no_match"}

RULE = Rule(
    id="N-03",
    title="Large first payment to a new payee",
    family="A7",
    basis="statistics",
    severity=1,
    outcome="information",
    looks_at="purchases above {least_pence:pounds} out of direct payments",
    sentence="{amount_pence:pounds} was paid to {payee_shown} on {paid_on:day}, for the first time. This person had made "
    "{before_count} payments "
    "before, and no receipt stands beside this one.",
    not_found="{amount_pence:pounds} was paid to {payee_shown}.",
    usual="Most first payments to somebody new are small, fit a line of the plan, or have a receipt.",
    innocent="Every large purchase is a first one somewhere.",
    ask="Nobody is asked because of this alone.",
    clears="A receipt, or a plan line that fits.",
    overtaken="A receipt was added, or the plan has changed.",
    same_flag=("payment_id",),
    decides="payment",
    owner="Head of internal audit",
    reviewer="Clinical lead for personalised care",
    next_review=date(2027, 4, 1),
    waits_for=("plans", "plan_lines", "receipts"),
    variants={
        FITS: Variant(not_found="It fits the plan, or a receipt stands beside it."),
        KNOWN: Variant(not_found="{payee_shown} had been paid before, on {payee_first_on:day}."),
        SHORT: Variant(not_found="This person's history ({before_count:many payment}) is too short to call a payee new."),
    },
    examples=(
        flagged("300 pounds to a new shop, not in the plan, no receipt", payments=(*USUAL, LARGE)),
        left_alone("It fits the plan", payments=(*USUAL, {**LARGE, "match_code": "fits"})),
        left_alone("A receipt stands beside it", payments=(*USUAL, {**LARGE, "receipt_id": "R1"})),
        left_alone("Paid before", payments=(*USUAL, {**LARGE, "payee_id": "M2"})),
        left_alone("The first payments on file", payments=(LARGE,)),
        at_the_threshold("Exactly 250 pounds", payments=(*USUAL, {**LARGE, "amount_pence": 250_00})),
    ),
)


def find(spending: Spending, *, least_pence: int = 250_00, least_history: int = 8, least_days: int = 56) -> pl.LazyFrame:
    """One row per purchase out of a direct payment above the amount."""
    purchases = spending.payments.filter((pl.col("kind_code") == "purchase") & (pl.col("holding_code") == "direct_payment"))
    large = purchases.filter((pl.col("amount_pence") > least_pence) & pl.col("payee_ref").is_null() & ~pl.col("is_preapproved"))
    theirs = ["holder_id", "payee_id"]
    firsts = (
        purchases.join(large.select(theirs).unique(), on=theirs, how="semi")
        .group_by(theirs)
        .agg(pl.col("paid_on").min().alias("payee_first_on"))
    )
    days = (
        purchases.join(large.select("holder_id").unique(), on="holder_id", how="semi")
        .select("holder_id", "paid_on")
        .sort("holder_id", "paid_on")
        .with_columns(
            before_count=(pl.col("paid_on").rank("min").over("holder_id") - 1).cast(pl.Int64),
            first_on=pl.col("paid_on").min().over("holder_id"),
        )
        .unique(["holder_id", "paid_on"])
    )
    rows = large.join(firsts, on=theirs).join(days, on=["holder_id", "paid_on"])
    is_weak = pl.col("match_code").is_in(["unclear", "no_match"]) & pl.col("receipt_id").is_null()
    is_long = (pl.col("before_count") >= least_history) & ((pl.col("paid_on") - pl.col("first_on")).dt.total_days() >= least_days)
    variant = (
        pl.when(~is_weak)
        .then(pl.lit(FITS))
        .when(pl.col("payee_first_on") < pl.col("paid_on"))
        .then(pl.lit(KNOWN))
        .when(~is_long)
        .then(pl.lit(SHORT))
        .otherwise(pl.lit(""))
    )
    rows = rows.with_columns(variant_code=variant)
    return about_payments(rows, pl.col("variant_code") == "", "before_count", "payee_first_on", "variant_code")
