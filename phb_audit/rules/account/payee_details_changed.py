"""The bank account of somebody who is paid from the budget changed on the register shortly before a payment to them."""

from __future__ import annotations

from datetime import date

import polars as pl

from phb_audit.rules.example import at_the_threshold, flagged, left_alone
from phb_audit.rules.rule import Rule, Variant
from phb_audit.rules.spending import Spending, about_payments

SMALL, LONG_BEFORE = "small", "long_before"
PAY: dict[str, object] = {
    "payee_ref": "Y1",
    "payee_shown": "a named person (Y12ab)",
    "amount_pence": 480_00,
    "category_code": "C01",
    "paid_on": date(2026, 8, 7),
}

RULE = Rule(
    id="A-10",
    title="Payee's bank details changed",
    family="A4",
    basis="payee_change",
    severity=3,
    outcome="query",
    looks_at="the first payment to a connected person after the register of people gave another bank account for them",
    sentence="The register that came on {changed_on:day} gives another bank account for {payee_shown} ({role}). The first payment since, "
    "{amount_pence:pounds}, was on {paid_on:day}.",
    not_found="{payee_shown} had another bank account on the register from {changed_on:day}; the first payment since was on {paid_on:day}.",
    usual="When details change, the person says so themselves, and it is written down who rang whom.",
    innocent="People change their bank, and a worker may have opened an account for this pay.",
    ask="Ask the holder whether the person told them, and ring the person on a number known before the change. Ask nobody to wait for pay.",
    clears="A note of the call, or of the form the person signed.",
    overtaken="The register gives the earlier account again, or the payment was put right.",
    same_flag=("payment_id",),
    decides="payment",
    owner="Personal health budgets lead",
    reviewer="Head of internal audit",
    next_review=date(2027, 4, 1),
    waits_for=("people",),
    restricted_with=("A-03", "A-11", "W-07", "W-10"),
    variants={
        SMALL: Variant(not_found="{amount_pence:pounds} is less than the {least_pence:pounds} from which it is asked about."),
        LONG_BEFORE: Variant(),
    },
    examples=(
        flagged("Pay six days after the assistant's account changed", payments=(PAY,), account_changes=({},)),
        flagged(
            "Only the first payment is asked about",
            payments=(PAY, {**PAY, "payment_id": "P2", "paid_on": date(2026, 8, 14)}),
            account_changes=({},),
        ),
        left_alone("Pay before the change", payments=({**PAY, "paid_on": date(2026, 7, 24)},), account_changes=({},)),
        left_alone("Somebody else is paid", payments=({**PAY, "payee_ref": "Y9"},), account_changes=({},)),
        left_alone("Two months later", payments=({**PAY, "paid_on": date(2026, 10, 1)},), account_changes=({},)),
        at_the_threshold("On the last day looked at", flags=1, payments=({**PAY, "paid_on": date(2026, 8, 15)},), account_changes=({},)),
    ),
)


def find(spending: Spending, *, within_days: int = 14, least_pence: int = 50_00) -> pl.LazyFrame:
    """One row per change and holder with a payment to the person after it: the first."""
    changes = spending.account_changes.filter(pl.col("payee_ref").is_not_null()).select(
        "holder_id", "payee_ref", "changed_on", role=pl.col("role_code").replace({"pa": "assistant"})
    )
    first = (
        spending.payments.filter(
            pl.col("payee_ref").is_not_null() & pl.col("kind_code").is_in(["purchase", "transfer"]) & (pl.col("amount_pence") > 0)
        )
        .join(changes, on=["holder_id", "payee_ref"])
        .filter(pl.col("paid_on") >= pl.col("changed_on"))
        .sort("paid_on", "payment_id", "changed_on", descending=[False, False, True])
        .unique(["holder_id", "payee_ref", "changed_on"], keep="first", maintain_order=True)
        .unique("payment_id", keep="first", maintain_order=True)
    )
    is_soon = (pl.col("paid_on") - pl.col("changed_on")).dt.total_days() <= within_days
    variant = (
        pl.when(~is_soon).then(pl.lit(LONG_BEFORE)).when(pl.col("amount_pence") < least_pence).then(pl.lit(SMALL)).otherwise(pl.lit(""))
    )
    return about_payments(first.with_columns(variant_code=variant), pl.col("variant_code") == "", "changed_on", "role", "variant_code")
