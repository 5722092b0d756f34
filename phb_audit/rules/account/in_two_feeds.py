"""One payment came by two feeds: a card's export and the statement of the account behind it, each under an account of its own."""

from __future__ import annotations

from datetime import date

import polars as pl

from phb_audit.rules.example import at_the_threshold, flagged, left_alone
from phb_audit.rules.rule import Rule, Variant
from phb_audit.rules.spending import Spending, about_payments

PAPERS = "papers"
FIRST: dict[str, object] = {"amount_pence": 46_35, "paid_on": date(2026, 8, 1), "feed_code": "card"}
AGAIN: dict[str, object] = {**FIRST, "payment_id": "P2", "paid_on": date(2026, 8, 3), "feed_code": "bank"}
BOTH = (FIRST, AGAIN)
MIRRORED: dict[str, object] = {"close_count": 3, "both_count": 5, "fewer_count": 10}

RULE = Rule(
    id="A-24",
    title="Perhaps one payment, told by two feeds",
    family="A4",
    basis="data_quality",
    severity=2,
    outcome="information",
    looks_at="payments of budgets with more than one account that stand on another account too: same payee and amount, within three days",
    sentence="{amount_pence:pounds} to {payee_shown} on {paid_on:day} is on another account of this budget too, on {before_on:day}. "
    "{both_count:many payment} of {fewer_count} on these two accounts are on both. It may be one payment that we count twice.",
    not_found="{amount_pence:pounds} to {payee_shown} is on another account too, on {before_on:day}. So much is often "
    "paid there twice in a few days, or it is a small sum.",
    usual="A payment stands on one account, and one feed tells of it.",
    innocent="Two things of one price were paid from two accounts.",
    ask="Look at both feeds: is one the export of the card, and one the account behind it? If so leave one out. Nothing to ask the holder.",
    clears="One of the two feeds left out, or the two papers.",
    overtaken="One of the two lines was taken out, or its account was put right.",
    same_flag=("payment_id", "before_id"),
    decides="organisation",
    owner="Head of finance",
    reviewer="Data steward",
    next_review=date(2027, 4, 1),
    duty_of="the data steward",
    is_commissioners=True,
    variants={PAPERS: Variant(not_found="Each of the two payments has a receipt of its own.")},
    examples=(
        flagged(
            "A card purchase is on the bank statement two days later; so soon nobody paid that there again", payments=BOTH, twins=({},)
        ),
        flagged("Two bus fares, where half of both accounts is the same", payments=BOTH, twins=(MIRRORED,)),
        left_alone("A bus fare by card and one from the bank account, with many like them", payments=BOTH, twins=({"close_count": 12},)),
        left_alone(
            "Each has its own receipt",
            payments=({**FIRST, "receipt_id": "R1"}, {**AGAIN, "receipt_id": "R2"}),
            twins=({},),
        ),
        left_alone("A class that was once paid twice in three days by card alone", payments=BOTH, twins=({"close_count": 1},)),
        at_the_threshold("Exactly 20 pounds", flags=1, payments=tuple({**row, "amount_pence": 20_00} for row in BOTH), twins=({},)),
        at_the_threshold("A penny less than 20 pounds", payments=tuple({**row, "amount_pence": 19_99} for row in BOTH), twins=({},)),
        at_the_threshold(
            "A penny, where half of both accounts is the same",
            flags=1,
            payments=tuple({**row, "amount_pence": 1} for row in BOTH),
            twins=(MIRRORED,),
        ),
        at_the_threshold("Four payments on both", payments=BOTH, twins=({**MIRRORED, "both_count": 4, "fewer_count": 8},)),
        at_the_threshold("49 of a hundred on both", payments=BOTH, twins=({**MIRRORED, "both_count": 49, "fewer_count": 100},)),
    ),
)


def find(spending: Spending, *, least_share: float = 0.5, least_both: int = 5, least_pence: int = 20_00) -> pl.LazyFrame:
    """One row per payment with a twin on another account. Found where payments of that payee and price never follow one another so soon on
    one account, or where so much of the two accounts is on both; not where each has a receipt of its own."""
    payments = spending.payments.select("payment_id", "payee_shown", "paid_on", "amount_pence", "receipt_id")
    before = payments.select(before_id="payment_id", before_receipt="receipt_id")
    rows = (
        spending.twins.join(payments, on="payment_id")
        .join(before, on="before_id", how="left")
        .with_columns(has_papers=(pl.col("receipt_id") != pl.col("before_receipt")).fill_null(False))
    )
    is_single = (pl.col("close_count") == 0) & (pl.col("amount_pence") >= least_pence)
    is_mirror = (pl.col("both_count") >= least_both) & (pl.col("both_count") >= least_share * pl.col("fewer_count"))
    variant = pl.when("has_papers").then(pl.lit(PAPERS)).otherwise(pl.lit("")).alias("variant_code")
    measured = ("before_id", "before_on", "gap_days", "close_count", "both_count", "fewer_count")
    return about_payments(rows, (is_single | is_mirror) & ~pl.col("has_papers"), *measured, variant_code=variant)
