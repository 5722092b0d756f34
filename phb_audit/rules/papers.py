"""What the rules on papers used more than once share: one row per receipt beside the other receipts that are the same paper."""

from __future__ import annotations

import polars as pl

from phb_audit.rules.spending import Spending


def same_papers(spending: Spending) -> pl.LazyFrame:
    """One row per receipt that can be told apart: place (1 = came first), papers_count and payments_count of the holder's same papers."""
    payments = spending.payments.select("payment_id", "amount_pence", "paid_on", "payee_shown")
    same = ["holder_id", "sameness_id"]
    return (
        spending.receipts.filter(pl.col("sameness_id").is_not_null())
        .join(payments, on="payment_id", how="left")
        .sort("received_on", "dated_on", "receipt_id")
        .with_columns(
            place=pl.int_range(1, pl.len() + 1, dtype=pl.Int64).over(same),
            papers_count=pl.len().cast(pl.Int64).over(same),
            payments_count=pl.col("payment_id").drop_nulls().n_unique().cast(pl.Int64).over(same),
            first_paid_on=pl.col("paid_on").min().over(same),
            subject_on=pl.coalesce("paid_on", "received_on", "dated_on", pl.lit(spending.as_of)),
            at_stake_pence=pl.coalesce("amount_pence", "total_pence", pl.lit(0)),
            payee_shown=pl.col("payee_shown").fill_null("a supplier"),
        )
    )
