"""A supplier gave money back, and the same amount left the account to a person soon after."""

from __future__ import annotations

from datetime import date

import polars as pl

from phb_audit.rules.example import at_the_threshold, flagged, left_alone
from phb_audit.rules.payees import employed
from phb_audit.rules.rule import Rule, Variant
from phb_audit.rules.spending import Spending, about_payments

STAYED, HAS_PAPER = "stayed", "has_paper"
BACK: dict[str, object] = {"kind_code": "refund", "amount_pence": -240_00, "paid_on": date(2026, 8, 1), "payee_shown": "SCOOTER WORLD"}
ON: dict[str, object] = {
    "payment_id": "P2",
    "kind_code": "transfer",
    "amount_pence": 240_00,
    "paid_on": date(2026, 8, 9),
    "payee_ref": "Y1",
    "payee_shown": "a named person (Y12ab)",
    "match_code": "unclear",
}

RULE = Rule(
    id="A-21",
    title="Supplier's refund passed on",
    family="A4",
    basis="refunds",
    severity=3,
    outcome="query",
    looks_at="refunds of {least_pence:pounds} or more that came back to a direct payment",
    sentence="{refund_pence:pounds} came back from {payee_shown} on {paid_on:day}. The same amount went to {passed_to} on {passed_on:day}, "
    "without a receipt.",
    not_found="No payment of the same amount went to a person within {within_days} days.",
    usual="What a supplier gives back stays in the account for the plan.",
    innocent="Somebody had paid the supplier from their own pocket first, and was owed the money.",
    ask="Ask the holder why the money went on, and for the first receipt.",
    clears="A receipt that shows who had paid, or the amount paid back into the account.",
    overtaken="A receipt was added, or the payment was put right.",
    same_flag=("payment_id", "passed_payment_id"),
    decides="payment",
    owner="Personal health budgets lead",
    reviewer="Head of internal audit",
    next_review=date(2027, 4, 1),
    waits_for=("receipts", "payroll"),
    variants={
        STAYED: Variant(),
        HAS_PAPER: Variant(not_found="The same amount went to a person, and a receipt stands beside that payment."),
    },
    examples=(
        flagged("240 pounds back, and 240 pounds on to a person", payments=(BACK, ON)),
        left_alone("The refund stayed", payments=(BACK,)),
        left_alone("The receipt shows who had paid", payments=(BACK, {**ON, "receipt_id": "R1"})),
        left_alone("Wages that happen to be the same amount", payments=(BACK, ON), pay_slips=({"payee_ref": "Y1"},)),
        left_alone("Paid before the refund came", payments=(BACK, {**ON, "paid_on": date(2026, 7, 30)})),
        at_the_threshold("On the last day looked at", flags=1, payments=(BACK, {**ON, "paid_on": date(2026, 8, 22)})),
    ),
)


def find(spending: Spending, *, least_pence: int = 20_00, within_days: int = 21) -> pl.LazyFrame:
    """One row per refund to a direct payment."""
    refunds = spending.payments.filter(
        (pl.col("kind_code") == "refund") & (pl.col("amount_pence") <= -least_pence) & (pl.col("holding_code") == "direct_payment")
    ).with_columns(refund_pence=-pl.col("amount_pence"))
    # Refunds are few, and so are the payments to persons and transfers that have their amounts.
    passed = (
        spending.payments.filter(
            pl.col("kind_code").is_in(["purchase", "transfer"])
            & (pl.col("payee_ref").is_not_null() | (pl.col("kind_code") == "transfer"))
            & (pl.col("amount_pence") >= least_pence)
        )
        .join(employed(spending), on=["holder_id", "payee_ref"], how="anti")
        .select(
            "holder_id",
            refund_pence="amount_pence",
            passed_on="paid_on",
            passed_to="payee_shown",
            passed_payment_id="payment_id",
            paper_id="receipt_id",
        )
    )
    after = (
        refunds.join(passed, on=["holder_id", "refund_pence"])
        .filter((pl.col("passed_on") - pl.col("paid_on")).dt.total_days().is_between(0, within_days))
        .sort("passed_on", "passed_payment_id")
        .unique("payment_id", keep="first", maintain_order=True)
        .select("payment_id", "passed_on", "passed_to", "passed_payment_id", "paper_id")
    )
    rows = refunds.join(after, on="payment_id", how="left")
    variant = (
        pl.when(pl.col("passed_payment_id").is_null())
        .then(pl.lit(STAYED))
        .when(pl.col("paper_id").is_not_null())
        .then(pl.lit(HAS_PAPER))
        .otherwise(pl.lit(""))
    )
    measured = ("refund_pence", "passed_on", "passed_to", "passed_payment_id", "variant_code")
    return about_payments(rows.with_columns(variant_code=variant), pl.col("variant_code") == "", *measured, at_stake="refund_pence")
