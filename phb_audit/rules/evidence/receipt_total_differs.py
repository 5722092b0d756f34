"""More was paid than the receipt shows."""

from __future__ import annotations

from datetime import date

import polars as pl

from phb_audit.rules.example import at_the_threshold, flagged, left_alone
from phb_audit.rules.refunds import refunded
from phb_audit.rules.rule import Rule, Variant
from phb_audit.rules.spending import Spending, about_payments

PART_BACK = "part_back"
LESS: dict[str, object] = {"receipt_id": "R1", "receipt_match_code": "amount_differs", "amount_pence": 60_00}

# Where tips and service charges are usual.
TIPPED = ("H02", "R01", "R03", "A06", "A14")

RULE = Rule(
    id="E-02",
    title="Receipt total differs",
    family="A3",
    basis="receipts",
    severity=2,
    outcome="query",
    looks_at="purchases with a receipt beside them",
    sentence="{amount_pence:pounds} was paid to {payee_shown} on {paid_on:day}; the receipt comes to {receipt_pence:pounds}, "
    "{short_pence:pounds} less.",
    not_found="The receipt comes to {receipt_pence:pounds}; the payment was {amount_pence:pounds}.",
    usual="Receipt and payment agree to {over_pence:pounds}, or a meal, taxi or hairdresser comes to up to "
    "{tip_share:percent} more (a tip).",
    innocent="A tip, a delivery charge, a second till receipt, or one page of an invoice is missing.",
    ask="Ask the holder for the rest of the receipt.",
    clears="The missing page or receipt, or a note of what the difference was.",
    overtaken="Another receipt was added.",
    same_flag=("payment_id",),
    decides="papers",
    owner="Personal health budgets lead",
    reviewer="Head of internal audit",
    next_review=date(2027, 4, 1),
    explained_by=("G-03", "G-05"),
    waits_for=("receipts",),
    variants={
        PART_BACK: Variant(
            sentence="{amount_pence:pounds} was paid to {payee_shown} on {paid_on:day}, and {refunded_pence:pounds} of it came back; the "
            "receipt comes to {receipt_pence:pounds}, {short_pence:pounds} less than the rest.",
            not_found="The receipt comes to {receipt_pence:pounds}; the payment was {amount_pence:pounds}, and {refunded_pence:pounds} "
            "came back.",
        ),
    },
    examples=(
        flagged("60 pounds paid, 40 on the receipt", payments=({**LESS, "receipt_difference_pence": -20_00},)),
        left_alone("A meal with a tip", payments=({**LESS, "category_code": "H02", "receipt_difference_pence": -6_00},)),
        left_alone(
            "A shared basket: the receipt shows more than was paid from the budget", payments=({**LESS, "receipt_difference_pence": 15_00},)
        ),
        left_alone(
            "The other 20 pounds came back",
            payments=({**LESS, "receipt_difference_pence": -20_00},),
            refund_links=({"back_pence": 20_00, "left_pence": 40_00},),
        ),
        at_the_threshold(
            "50 pence less than the rest came back",
            payments=({**LESS, "receipt_difference_pence": -20_00},),
            refund_links=({"back_pence": 19_50, "left_pence": 40_50},),
        ),
        at_the_threshold(
            "51 pence less than the rest came back",
            flags=1,
            payments=({**LESS, "receipt_difference_pence": -20_00},),
            refund_links=({"back_pence": 19_49, "left_pence": 40_51},),
        ),
        at_the_threshold(
            "Exactly 50 pence on a small purchase", payments=({**LESS, "amount_pence": 2_00, "receipt_difference_pence": -50},)
        ),
    ),
)


def find(spending: Spending, *, over_pence: int = 50, tip_share: float = 0.15) -> pl.LazyFrame:
    """One row per purchase with a receipt."""
    short = (
        spending.payments.filter(
            pl.col("receipt_id").is_not_null()
            & (pl.col("kind_code") == "purchase")
            & (pl.col("amount_pence") > 0)
            & (pl.col("holding_code") == "direct_payment")
        )
        .join(refunded(spending), on="payment_id", how="left")
        .with_columns(receipt_pence=pl.col("amount_pence") + pl.col("receipt_difference_pence").fill_null(0))
        .with_columns(refunded_pence=pl.col("refunded_pence").fill_null(0))
        .with_columns(short_pence=pl.col("amount_pence") - pl.col("refunded_pence") - pl.col("receipt_pence"))
    )
    is_more_than_a_tip = ~pl.col("category_code").is_in(TIPPED) | (pl.col("short_pence") > pl.col("receipt_pence") * tip_share)
    is_found = (pl.col("short_pence") > over_pence) & is_more_than_a_tip & (pl.col("receipt_match_code") == "amount_differs")
    variant = pl.when(pl.col("refunded_pence") > 0).then(pl.lit(PART_BACK)).otherwise(pl.lit("")).alias("variant_code")
    measured = ("receipt_pence", "short_pence", "refunded_pence")
    found = about_payments(short, is_found, *measured, at_stake="short_pence", variant_code=variant)
    return found.with_columns(pl.col("at_stake_pence").clip(0))
