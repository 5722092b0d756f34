"""The commissioner's instalments beside the line on the account they arrived in."""

from __future__ import annotations

import polars as pl

from phb_audit.rules.spending import Spending, shared


@shared
def instalments_with_payments(spending: Spending, days: int = 5) -> pl.LazyFrame:
    """One row per instalment with payment_id of the line it arrived in (same holder and amount, within some days), or null."""
    arrived = spending.payments.filter(pl.col("kind_code") == "instalment").select(
        "holder_id", "payment_id", amount_pence=-pl.col("amount_pence"), arrived_on="paid_on"
    )
    near = (
        spending.instalments.select("instalment_id", "holder_id", "amount_pence", "paid_on")
        .join(arrived, on=["holder_id", "amount_pence"])
        .with_columns(apart=(pl.col("arrived_on") - pl.col("paid_on")).dt.total_days().abs())
        .filter(pl.col("apart") <= days)
        .sort("instalment_id", "apart", "payment_id")
        .unique("instalment_id", keep="first", maintain_order=True)
        .select("instalment_id", "payment_id")
    )
    return spending.instalments.join(near, on="instalment_id", how="left")
