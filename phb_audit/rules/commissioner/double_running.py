"""A service the person buys from a direct payment is also paid for by the commissioner's own contract."""

from __future__ import annotations

from datetime import date

import polars as pl

from phb_audit.rules.example import at_the_threshold, flagged, left_alone
from phb_audit.rules.rule import Rule
from phb_audit.rules.spending import NO_PAYMENT, Spending, about

SERVICES = ("C08", "C09", "C10", "C11", "T01", "T02", "T03")
MONTHS = (6, 7, 8)
BOUGHT = tuple({"payment_id": f"P{month}", "paid_on": date(2026, month, 3), "category_code": "C08"} for month in MONTHS)
BILLED = tuple(
    {**row, "payment_id": f"N{row['payment_id']}", "holding_code": "notional", "feed_code": "notional", "amount_pence": 300_00}
    for row in BOUGHT
)

RULE = Rule(
    id="G-16",
    title="Double running",
    family="A6",
    basis="double_running",
    severity=2,
    outcome="information",
    looks_at="care and therapy that a holder buys from a direct payment in a month in which the commissioner is billed for the same kind",
    sentence="In {months_count} months up to {subject_on:month} the commissioner was billed {billed_pence:pounds} for "
    "{category_code:category}, "
    "which the holder also bought from the direct payment ({bought_pence:pounds}).",
    not_found="Both paid for {category_code:category} in {months_count:many month}; told from {least_months}.",
    usual="A service that has moved to a direct payment is no longer billed, but for a month of change.",
    innocent="The budget is in two parts by agreement, the bills are late ones, or the two are different services.",
    ask="Ask the contracts team whether the service was ended when the direct payment began. Nothing to ask the holder.",
    clears="A plan that says the two go side by side, or the contract ended and the amount asked back from the provider.",
    overtaken="Bills were put right, or lie further back than is looked at.",
    same_flag=("holder_id", "category_code"),
    decides="organisation",
    owner="Head of finance",
    reviewer="Continuing healthcare lead",
    next_review=date(2027, 4, 1),
    duty_of="the finance team's payments lead",
    is_commissioners=True,
    waits_for=("notional", "budgets"),
    examples=(
        flagged("Home care bought and billed for three months", payments=(*BOUGHT, *BILLED)),
        left_alone("A month of change", payments=(*BOUGHT, BILLED[0])),
        left_alone("The bill is for therapy", payments=(*BOUGHT, *({**row, "category_code": "T01"} for row in BILLED))),
        left_alone("Everything is billed, nothing bought", payments=BILLED),
        at_the_threshold("Two months", payments=(*BOUGHT, *BILLED[:2])),
    ),
)


def find(spending: Spending, *, least_months: int = 3) -> pl.LazyFrame:
    """One row per holder and category that was both bought and billed in a month."""
    is_billed = pl.col("holding_code") == "notional"
    by_month = (
        spending.payments.filter(
            (pl.col("kind_code") == "purchase")
            & (pl.col("amount_pence") > 0)
            & pl.col("category_code").is_in(SERVICES)
            & pl.col("holding_code").is_in(["notional", "direct_payment"])
        )
        .filter(is_billed.any().over("holder_id"))
        .group_by("holder_id", "category_code", pl.col("paid_on").dt.truncate("1mo").alias("month_on"))
        .agg(
            pl.col("amount_pence").filter(is_billed).sum().alias("billed_pence"),
            pl.col("amount_pence").filter(~is_billed).sum().alias("bought_pence"),
        )
        .filter((pl.col("billed_pence") > 0) & (pl.col("bought_pence") > 0))
    )
    both = (
        by_month.group_by("holder_id", "category_code")
        .agg(
            pl.len().cast(pl.Int64).alias("months_count"),
            pl.col("billed_pence", "bought_pence").sum(),
            pl.col("month_on").max(),
        )
        .with_columns(NO_PAYMENT, at_stake_pence="billed_pence")
    )
    is_found = pl.col("months_count") >= least_months
    return about(both, "holder", "holder_id", "month_on", is_found, "category_code", "months_count", "billed_pence", "bought_pence")
