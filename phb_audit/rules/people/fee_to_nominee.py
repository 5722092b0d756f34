"""Money to the nominee or representative for managing the budget, where no such fee was agreed."""

from __future__ import annotations

from datetime import date

import polars as pl

from phb_audit.rules.example import at_the_threshold, flagged, left_alone
from phb_audit.rules.payees import CARE, employed
from phb_audit.rules.rule import Rule, Variant
from phb_audit.rules.spending import Spending, about_payments

FEE, REGULAR, FITS, HAS_RECEIPT = "fee", "regular", "fits", "has_receipt"
MANAGES = ("nominee", "representative")
FEES = ("C04", "M01", "M02")
PAID: dict[str, object] = {
    "kind_code": "transfer",
    "payee_ref": "Y1",
    "payee_id": "Y1",
    "payee_shown": "a named person (Y12ab)",
    "category_code": "M01",
    "amount_pence": 60_00,
    "match_code": "no_match",
}
NOMINEE: tuple[dict[str, object], ...] = ({"payee_ref": "Y1", "role_code": "nominee", "relationship": "son"},)


def _monthly(count: int) -> tuple[dict[str, object], ...]:
    return tuple(
        {**PAID, "payment_id": f"P{place}", "category_code": "Z02", "paid_on": date(2026, place + 2, 3)} for place in range(1, count + 1)
    )


RULE = Rule(
    id="W-02",
    title="Fee to a nominee or representative",
    family="A5",
    basis="nominee_fee",
    severity=2,
    outcome="query",
    looks_at="payments out of direct payments to a nominee or representative who is not on the payroll",
    sentence="{amount_pence:pounds} went to {payee_shown} on {paid_on:day}, by name the {role_code}. It reads as {category_code:category}. "
    "The plan has no line for it.",
    not_found="{amount_pence:pounds} went to the {role_code}, but does not read as a fee and is not paid again and again.",
    usual="A nominee or representative manages the money without pay, unless the commissioner agreed a fee.",
    innocent="A fee may have been agreed and not written in the plan, or they paid for postage, printing or travel and took it back.",
    ask="Ask the commissioner first whether a fee was agreed. Then the nominee or representative what it was for.",
    clears="The agreement, receipts that come to the amount, or the money returned.",
    overtaken="A receipt was added, or the plan or the people on file have changed.",
    same_flag=("payment_id",),
    decides="payment",
    owner="Personal health budgets lead",
    reviewer="Head of internal audit",
    next_review=date(2027, 4, 1),
    waits_for=("people", "plans", "plan_lines", "receipts", "payroll"),
    variants={
        FEE: Variant(),
        REGULAR: Variant(
            sentence="{amount_pence:pounds} went to {payee_shown} on {paid_on:day}, by name the {role_code}: the same amount "
            "{times_count} times, and no receipt beside any.",
        ),
        FITS: Variant(not_found="The plan has a line that this payment to the {role_code} fits."),
        HAS_RECEIPT: Variant(not_found="A receipt stands beside it: money paid back to the {role_code}."),
    },
    examples=(
        flagged("A payment that reads as a fee for advice", payments=(PAID,), people=NOMINEE),
        flagged("60 pounds in each of four months", flags=4, payments=_monthly(4), people=NOMINEE),
        left_alone("The plan has a line for it", payments=({**PAID, "match_code": "fits"},), people=NOMINEE),
        left_alone("Postage, with the receipt", payments=({**PAID, "receipt_id": "R1"},), people=NOMINEE),
        left_alone("A fee to a support service", payments=({**PAID, "payee_ref": None},), people=NOMINEE),
        at_the_threshold("The same amount three times", payments=_monthly(3), people=NOMINEE),
    ),
)


def find(spending: Spending, *, least_pence: int = 10_00, least_share: float = 0.7, most_times: int = 3) -> pl.LazyFrame:
    """One row per payment out of a direct payment to a nominee or representative."""
    managers = (
        spending.people.filter(pl.col("role_code").is_in(MANAGES) & pl.col("payee_ref").is_not_null())
        .sort("connection_id")
        .group_by("holder_id", "payee_ref", maintain_order=True)
        .agg(pl.col("role_code").first())
    )
    paid = (
        spending.payments.filter(
            pl.col("payee_ref").is_not_null()
            & pl.col("kind_code").is_in(["purchase", "transfer"])
            & (pl.col("amount_pence") >= least_pence)
            & (pl.col("holding_code") == "direct_payment")
            & ~pl.col("category_code").is_in(CARE)
        )
        .join(managers, on=["holder_id", "payee_ref"])
        .join(employed(spending), on=["holder_id", "payee_ref"], how="anti")
    )
    is_bare = pl.col("receipt_id").is_null()
    times = is_bare.sum().over("holder_id", "payee_ref", "amount_pence").cast(pl.Int64)
    is_fee = pl.col("category_code").is_in(FEES) & ~pl.col("is_abstained") & (pl.col("probability_share") >= least_share)
    variant = (
        pl.when(pl.col("match_code") == "fits")
        .then(pl.lit(FITS))
        .when(~is_bare)
        .then(pl.lit(HAS_RECEIPT))
        .when(is_fee)
        .then(pl.lit(FEE))
        .when(pl.col("times_count") > most_times)
        .then(pl.lit(REGULAR))
        .otherwise(pl.lit(""))
    )
    rows = paid.with_columns(times_count=times).with_columns(variant_code=variant)
    measured = ("category_code", "role_code", "times_count", "variant_code")
    return about_payments(rows, pl.col("variant_code").is_in([FEE, REGULAR]), *measured)
