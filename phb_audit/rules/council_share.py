"""What part of a budget the council pays: for rule E-07, and for what finance tells of joint budgets."""

from __future__ import annotations

import polars as pl

IS_SPLIT = ((pl.col("health_pence") + pl.col("council_pence") == pl.col("amount_pence")) & (pl.col("amount_pence") > 0)).fill_null(
    value=False
)


def shares(instalments: pl.LazyFrame) -> pl.LazyFrame:
    """One row per holder with an instalment split in full: `council_share`, the council's part of all such instalments."""
    paid = instalments.filter(IS_SPLIT).group_by("holder_id").agg(pl.col("council_pence", "amount_pence").sum())
    return paid.select("holder_id", council_share=pl.col("council_pence") / pl.col("amount_pence"))


def above_share() -> pl.Expr:
    """Pence the council counts of a receipt above its share; all of them where nothing into the budget was ever split."""
    share = (pl.col("total_pence") * pl.col("council_share").fill_null(0.0)).round().cast(pl.Int64)
    return (pl.col("claimed_pence") - share).clip(0)
