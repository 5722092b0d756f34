"""What the rules on papers used more than once share: one row per receipt beside the other receipts that are the same paper."""

from __future__ import annotations

import polars as pl

from phb_audit.rules.spending import Spending, at_once, shared

SAME = ["holder_id", "sameness_id"]


@shared
def same_papers(spending: Spending) -> pl.LazyFrame:
    """One row per receipt that can be told apart: place (1 = came first), and of the holder's same papers their count
    (papers_count), how many payments they stand beside (payments_count), the first of these and what they come to (paid_pence).
    """
    told = spending.receipts.filter(pl.col("sameness_id").is_not_null()).select(
        "receipt_id", *SAME, "payment_id", "received_on", "dated_on", "total_pence", "holders_count", "is_alike"
    )
    beside = spending.payments.select("payment_id", "amount_pence", "paid_on", "payee_shown").join(
        told.select("payment_id").drop_nulls(), on="payment_id", how="semi"
    )
    rows = told.join(beside, on="payment_id", how="left").with_columns(
        papers_count=pl.len().cast(pl.Int64).over(SAME),
        subject_on=pl.coalesce("paid_on", "received_on", "dated_on", pl.lit(spending.as_of)),
        at_stake_pence=pl.coalesce("amount_pence", "total_pence", pl.lit(0)),
        payee_shown=pl.col("payee_shown").fill_null("a supplier"),
    )
    rows = at_once(rows)
    # Nearly every paper came once: only the others are put in order and compared.
    is_alone = pl.col("papers_count") == 1
    alone = rows.filter(is_alone).with_columns(
        place=pl.lit(1, dtype=pl.Int64),
        payments_count=pl.col("payment_id").is_not_null().cast(pl.Int64),
        first_paid_on="paid_on",
        paid_pence=pl.col("amount_pence").fill_null(0),
    )
    several = (
        rows.filter(~is_alone)
        .sort("received_on", "dated_on", "receipt_id")
        .with_columns(
            place=pl.int_range(1, pl.len() + 1, dtype=pl.Int64).over(SAME),
            payments_count=pl.col("payment_id").drop_nulls().n_unique().cast(pl.Int64).over(SAME),
            first_paid_on=pl.col("paid_on").min().over(SAME),
            paid_pence=pl.col("amount_pence").sum().over(SAME),
        )
    )
    return pl.concat([alone, several])
