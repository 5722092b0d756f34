"""Runs of days: those of one thing put together, and the days that two things share. First and last day are both in a run."""

from __future__ import annotations

import polars as pl

DAY = pl.duration(days=1)


def merged(runs: pl.DataFrame, *by: str) -> pl.DataFrame:
    """The same days in as few runs as there are, apart from one another: `*by, first_on, last_on`. Runs that touch become one."""
    placed = runs.select(*by, "first_on", "last_on").sort(*by, "first_on", "last_on")
    reach = pl.col("last_on").cum_max().shift(1).over(*by)
    is_new = (pl.col("first_on") > reach + DAY).fill_null(True)
    numbered = placed.with_columns(run_number=is_new.cast(pl.Int64).cum_sum().over(*by))
    found = numbered.group_by(*by, "run_number").agg(pl.col("first_on").min(), pl.col("last_on").max())
    return found.drop("run_number").sort(*by, "first_on")


def shared(left: pl.DataFrame, right: pl.DataFrame, *by: str) -> pl.DataFrame:
    """Every run of days that a row of the left has in common with a row of the right of the same `by`; the left's other columns stay."""
    other = right.select(*by, right_first_on="first_on", right_last_on="last_on")
    met = left.join(other, on=list(by)).with_columns(
        first_on=pl.max_horizontal("first_on", "right_first_on"), last_on=pl.min_horizontal("last_on", "right_last_on")
    )
    return met.filter(pl.col("first_on") <= pl.col("last_on")).drop("right_first_on", "right_last_on")


def days() -> pl.Expr:
    """How many days a run has."""
    return (pl.col("last_on") - pl.col("first_on")).dt.total_days() + 1
