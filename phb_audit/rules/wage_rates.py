"""The minimum wage by day, from data/reference/minimum_wage.csv. A day after the last row has that row's rates until a new one is added."""

from __future__ import annotations

import csv
from functools import cache

import polars as pl

from phb_audit.money import pence
from phb_audit.settings import shipped

SCHEMA = {"rate_from_on": pl.Date, "adult_from_age": pl.Int64, "adult_pence": pl.Int64, "young_pence": pl.Int64}


@cache
def minimum_wages() -> pl.DataFrame:
    """One row per change of rates, oldest first: `adult_pence` from `adult_from_age` on, `young_pence` for people of 18 and more."""
    with (shipped("reference") / "minimum_wage.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    texts = pl.DataFrame(rows).select(
        pl.col("from_on").str.to_date().alias("rate_from_on"),
        pl.col("adult_from_age").cast(pl.Int64),
        pence(pl.col("adult_pounds")).alias("adult_pence"),
        pence(pl.col("young_pounds")).alias("young_pence"),
    )
    return texts.select(list(SCHEMA)).sort("rate_from_on")
