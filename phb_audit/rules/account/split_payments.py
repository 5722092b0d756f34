"""Several payments just under the receipt limit to one payee within a few days."""

from __future__ import annotations

from datetime import date

import polars as pl

from phb_audit.rules.example import at_the_threshold, flagged, left_alone
from phb_audit.rules.rule import Rule
from phb_audit.rules.spending import Spending, about_payments

UNDER = tuple({"payment_id": f"P{day}", "paid_on": date(2026, 8, day), "amount_pence": 24_00 + day} for day in (3, 4, 5))

RULE = Rule(
    id="A-15",
    title="Split payments under the receipt limit",
    family="A4",
    basis="splitting",
    severity=2,
    outcome="query",
    looks_at="purchases just under the receipt limit of {limit_pence:pounds}, without a receipt",
    sentence="{amount_pence:pounds} was paid to {payee_shown} on {paid_on:day}, one of {near_count} payments just under "
    "{limit_pence:pounds} "
    "without a receipt within {within_days} days, {near_pence:pounds} together.",
    not_found="{near_count:many payment} just under {limit_pence:pounds} to {payee_shown} within {within_days} days; asked from "
    "{least_count}.",
    usual="A purchase is paid once. Receipts are asked for from {limit_pence:pounds}.",
    innocent="A price that happens to lie there, paid for three sessions, or for three days out.",
    ask="Ask the holder, with the other receipts, what the payments were for.",
    clears="A receipt or a price list that shows single purchases.",
    overtaken="A receipt was added.",
    same_flag=("payment_id",),
    decides="papers",
    owner="Personal health budgets lead",
    reviewer="Head of internal audit",
    next_review=date(2027, 4, 1),
    waits_for=("receipts",),
    examples=(
        flagged("Three payments of about 24 pounds in three days", flags=3, payments=UNDER),
        left_alone("Three sessions of one price", payments=tuple({**row, "amount_pence": 24_00} for row in UNDER)),
        left_alone("Receipts are there", payments=tuple({**row, "receipt_id": "R1"} for row in UNDER)),
        at_the_threshold("Two payments", payments=UNDER[:2]),
    ),
)


def find(
    spending: Spending, *, limit_pence: int = 25_00, under_share: float = 0.15, within_days: int = 3, least_count: int = 3
) -> pl.LazyFrame:
    """One row per purchase just under the limit without a receipt: how many of different amounts lie around it."""
    lowest = round(limit_pence * (1 - under_share))
    same = ["holder_id", "payee_id"]
    near = (
        spending.payments.filter(
            (pl.col("kind_code") == "purchase")
            & (pl.col("holding_code") == "direct_payment")
            & pl.col("amount_pence").is_between(lowest, limit_pence - 1)
            & pl.col("receipt_id").is_null()
        )
        .sort("paid_on", "payment_id")
        .with_columns(one=pl.lit(1, dtype=pl.Int64))
        .with_columns(
            run_count=pl.col("one").rolling_sum_by("paid_on", window_size=f"{within_days}d").over(same),
            run_pence=pl.col("amount_pence").rolling_sum_by("paid_on", window_size=f"{within_days}d").over(same),
        )
        # A run of one price is a price, not a split.
        .with_columns(prices_count=pl.col("amount_pence").n_unique().over(same, pl.col("paid_on").dt.truncate("1mo")))
    )
    runs = near.filter((pl.col("run_count") >= least_count) & (pl.col("prices_count") > 1)).select(
        *same, ended_on="paid_on", near_count="run_count", near_pence="run_pence"
    )
    in_run = (
        near.select("payment_id", *same, "paid_on")
        .join(runs, on=same)
        .filter((pl.col("ended_on") - pl.col("paid_on")).dt.total_days().is_between(0, within_days - 1))
        .sort("payment_id", "near_count", descending=[False, True])
        .unique("payment_id", keep="first", maintain_order=True)
        .select("payment_id", "near_count", "near_pence", is_in_run=pl.lit(True))
    )
    rows = near.join(in_run, on="payment_id", how="left").with_columns(
        pl.col("near_count").fill_null(pl.col("run_count")), pl.col("near_pence").fill_null(pl.col("run_pence"))
    )
    return about_payments(rows, pl.col("is_in_run").fill_null(False), "near_count", "near_pence")
