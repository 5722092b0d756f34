"""Versions of plans that are in force on the day looked at, and their lines that run on it."""

from __future__ import annotations

import polars as pl

from phb_audit.rules.spending import Spending, shared


@shared
def plans_in_force(spending: Spending) -> pl.LazyFrame:
    """One row per approved plan version in force on the day looked at: plan_version_id and its first day."""
    day = pl.lit(spending.as_of)
    return spending.plans.filter(
        (pl.col("status_code") == "approved")
        & (pl.col("effective_from_on") <= day)
        & (pl.col("effective_to_on").is_null() | (pl.col("effective_to_on") >= day))
    ).select("plan_version_id", "effective_from_on")


def running(spending: Spending) -> pl.Expr:
    """Of a plan line: it runs on the day looked at."""
    day = pl.lit(spending.as_of)
    return (pl.col("starts_on").is_null() | (pl.col("starts_on") <= day)) & (pl.col("ends_on").is_null() | (pl.col("ends_on") >= day))
