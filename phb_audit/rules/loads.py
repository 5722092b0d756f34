"""The commissioner's instalments beside the line on the account they arrived in."""

from __future__ import annotations

import polars as pl

from phb_audit.rules.spending import Spending, at_once, shared

NEAR_DAYS = 5  # between the ledger and the account


@shared
def instalments_with_payments(spending: Spending, days: int = NEAR_DAYS) -> pl.LazyFrame:
    """One row per instalment with payment_id of the line it arrived in (same holder and amount, within some days) and its day
    arrived_on, or null. A line takes one instalment: the nearest; what it leaves over may have the next line.
    """
    arrived = spending.payments.filter(pl.col("kind_code") == "instalment").select(
        "holder_id", "payment_id", amount_pence=-pl.col("amount_pence"), arrived_on="paid_on"
    )
    near = at_once(
        spending.instalments.select("instalment_id", "holder_id", "amount_pence", "paid_on")
        .join(arrived, on=["holder_id", "amount_pence"])
        .with_columns(apart=(pl.col("arrived_on") - pl.col("paid_on")).dt.total_days().abs())
        .filter(pl.col("apart") <= days)
        .sort("apart", "arrived_on", "instalment_id", "payment_id")
        .select("instalment_id", "payment_id", "arrived_on")
    )
    first = at_once(_taken(near))
    left = near.join(first, on="instalment_id", how="anti").join(first, on="payment_id", how="anti")
    return spending.instalments.join(pl.concat([first, _taken(left)]), on="instalment_id", how="left")


@shared
def other_amounts(spending: Spending, days: int = NEAR_DAYS) -> pl.LazyFrame:
    """One row per instalment that did not come in, with other money in from the sender of the others within some days: the nearest."""
    senders = spending.payments.filter(pl.col("kind_code") == "instalment").select("holder_id", "payee_id").unique()
    credits = (
        spending.payments.filter(pl.col("kind_code") == "credit")
        .join(senders, on=["holder_id", "payee_id"], how="semi")
        .select("holder_id", came_line_id="payment_id", came_on="paid_on", came_pence=-pl.col("amount_pence"))
    )
    return (
        instalments_with_payments(spending, days)
        .filter(pl.col("payment_id").is_null() & (pl.col("amount_pence") > 0))
        .select("instalment_id", "holder_id", "paid_on")
        .join(credits, on="holder_id")
        .with_columns(apart=(pl.col("came_on") - pl.col("paid_on")).dt.total_days().abs())
        .filter(pl.col("apart") <= days)
        .sort("apart", "instalment_id", "came_line_id")
        .unique("came_line_id", keep="first", maintain_order=True)
        .unique("instalment_id", keep="first", maintain_order=True)
        .select("instalment_id", "came_line_id", "came_on", "came_pence")
    )


def _taken(near: pl.LazyFrame) -> pl.LazyFrame:
    """One row per instalment that is the nearest to a line of those whose nearest line it is."""
    return near.unique("instalment_id", keep="first", maintain_order=True).unique("payment_id", keep="first", maintain_order=True)
