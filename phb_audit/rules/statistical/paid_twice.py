"""A payment that looks like a copy of one shortly before: same payee and amount, where neither this person nor others pay like that.

Honest repeats (two bus fares in a day, a class every week) are told apart by habits; see `phb_audit.detectors.repeats`.
"""

from __future__ import annotations

from datetime import date

import polars as pl

from phb_audit.rules.example import at_the_threshold, flagged, left_alone
from phb_audit.rules.rule import ALL_FEEDS, Rule, Variant
from phb_audit.rules.spending import Spending, about_payments

PAPERS, CAME_BACK = "papers", "came_back"
FIRST: dict[str, object] = {"amount_pence": 186_40, "paid_on": date(2026, 8, 1)}
AGAIN: dict[str, object] = {**FIRST, "payment_id": "P2", "paid_on": date(2026, 8, 3)}
BOTH = (FIRST, AGAIN)

RULE = Rule(
    id="N-09",
    title="Perhaps paid twice",
    family="A7",
    basis="statistics",
    severity=1,
    outcome="information",
    looks_at="purchases of {least_pence:pounds} and more that come within two weeks after one of the same amount to the same payee",
    sentence="{amount_pence:pounds} was paid to {payee_shown} on {paid_on:day}, as on {before_on:day} ({gap_days:many day} before). Of "
    "{payee_count:many payment} to that payee until then, {amount_count} came to this amount and {pairs_count} followed a like one "
    "within two weeks.",
    not_found="{amount_pence:pounds} was paid to {payee_shown} on {before_on:day} as well. That is a small sum, or like a habit or a "
    "common price.",
    usual="A purchase is paid once. Some people often pay the same sum at one place again. Some places take several payments a day, or "
    "have one price that many people pay.",
    innocent="Two things of one price, a second session, a part payment, or a price paid again after the first payment came back.",
    ask="Ask the supplier, or whoever keeps the account, whether the second payment was owed. Nothing to ask the holder.",
    clears="Two invoices or receipts, or the amount paid back.",
    overtaken="Receipts came, the amount was paid back, or it has turned out to be a habit.",
    same_flag=("payment_id",),
    decides="payment",
    owner="Head of internal audit",
    reviewer="Head of finance",
    next_review=date(2027, 4, 1),
    waits_for=ALL_FEEDS,
    variants={
        PAPERS: Variant(not_found="The payments of {before_on:day} and {paid_on:day} have a receipt each."),
        CAME_BACK: Variant(not_found="{payee_shown} paid {amount_pence:pounds} back since {before_on:day}."),
    },
    examples=(
        flagged("186.40 pounds twice in three days to a shop never used before", payments=BOTH, repeats=({},)),
        left_alone("Two bus fares in a day, as on other days", payments=BOTH, repeats=({"gap_days": 0, "copy_share": 0.02},)),
        left_alone(
            "Each of the two payments has a receipt of its own",
            payments=({**FIRST, "receipt_id": "R1"}, {**AGAIN, "receipt_id": "R2"}),
            repeats=({},),
        ),
        left_alone(
            "One of the two came back",
            payments=(*BOTH, {**AGAIN, "payment_id": "P3", "paid_on": date(2026, 8, 9), "amount_pence": -186_40, "kind_code": "refund"}),
            repeats=({},),
        ),
        at_the_threshold("Exactly as likely as is told", flags=1, payments=BOTH, repeats=({"copy_share": 0.8},)),
        at_the_threshold("A little less likely than is told", payments=BOTH, repeats=({"copy_share": 0.7999},)),
        at_the_threshold("Exactly 20 pounds", flags=1, payments=tuple({**row, "amount_pence": 20_00} for row in BOTH), repeats=({},)),
        at_the_threshold("A penny less than 20 pounds", payments=tuple({**row, "amount_pence": 19_99} for row in BOTH), repeats=({},)),
    ),
)


def find(spending: Spending, *, least_share: float = 0.8, least_pence: int = 20_00) -> pl.LazyFrame:
    """One row per purchase that repeats one before it: how likely it is a copy, and what speaks for two."""
    payments = spending.payments.select("payment_id", "holder_id", "payee_id", "payee_shown", "paid_on", "amount_pence", "receipt_id")
    before = payments.select(before_id="payment_id", before_receipt="receipt_id")
    back = payments.filter(pl.col("amount_pence") < 0).select(
        "holder_id", "payee_id", amount_pence=-pl.col("amount_pence"), back_on="paid_on"
    )
    last_back = back.group_by("holder_id", "payee_id", "amount_pence").agg(pl.col("back_on").max())
    counts = ("gap_days", "payee_count", "amount_count", "pairs_count", "copy_share")
    rows = (
        spending.repeats.select("payment_id", "before_id", "before_on", *counts)
        .join(payments, on="payment_id")
        .join(before, on="before_id", how="left")
        .join(last_back, on=["holder_id", "payee_id", "amount_pence"], how="left")
        .with_columns(
            has_papers=(pl.col("receipt_id") != pl.col("before_receipt")).fill_null(False),
            came_back=(pl.col("back_on") >= pl.col("before_on")).fill_null(False),
        )
    )
    variant = (
        pl.when("has_papers").then(pl.lit(PAPERS)).when("came_back").then(pl.lit(CAME_BACK)).otherwise(pl.lit("")).alias("variant_code")
    )
    is_likely = (pl.col("copy_share") >= least_share) & (pl.col("amount_pence") >= least_pence)
    is_found = is_likely & ~pl.col("has_papers") & ~pl.col("came_back")
    return about_payments(rows, is_found, "before_on", *counts, variant_code=variant)
