"""What the rules on the commissioner's duties share: holders whose budget is open, and when they were reviewed."""

from __future__ import annotations

import polars as pl

from phb_audit.rules.spending import Spending, shared


@shared
def open_budgets(spending: Spending) -> pl.LazyFrame:
    """One row per holder with a budget open on the day looked at and no death or end on record.

    `starts_on` is the first day of the first budget; `annual_pence` the yearly amount of the newest that has begun: the register
    writes it on the row of each account, so equal amounts that begin together are one, and different ones are parts of it.
    """
    over = spending.events.filter(pl.col("event_code").is_in(["death", "end_of_eligibility"])).select("holder_id").unique()
    is_open = pl.col("ends_on").is_null() | (pl.col("ends_on") >= spending.as_of)
    budgets = spending.budgets.filter(pl.col("holding_code") != "none_on_file")
    has_begun = pl.col("starts_on").is_null() | (pl.col("starts_on") <= spending.as_of)
    newest = (
        budgets.filter(is_open & has_begun)
        .filter((pl.col("starts_on") == pl.col("starts_on").max().over("holder_id")) | pl.col("starts_on").is_null())
        .unique(["holder_id", "starts_on", "annual_pence"])
        .group_by("holder_id")
        .agg(pl.col("annual_pence").sum())
    )
    first = budgets.group_by("holder_id").agg(pl.col("starts_on").min())
    rest = (
        budgets.filter(is_open)
        .group_by("holder_id")
        .agg(
            pl.col("agreement_signed_on").max(),
            pl.col("last_audit_on").max(),
            pl.col("holding_code").unique().sort().str.join("+").alias("holding_code"),
        )
    )
    return rest.join(over, on="holder_id", how="anti").join(first, on="holder_id", how="left").join(newest, on="holder_id", how="left")


def with_reviews(spending: Spending, budgets: pl.LazyFrame) -> pl.LazyFrame:
    """The same rows with first_review_on and last_review_on (null where none is on file)."""
    reviews = (
        spending.events.filter((pl.col("event_code") == "review") & (pl.col("from_on") <= spending.as_of))
        .group_by("holder_id")
        .agg(pl.col("from_on").max().alias("last_review_on"), pl.col("from_on").min().alias("first_review_on"))
    )
    return budgets.join(reviews, on="holder_id", how="left")
