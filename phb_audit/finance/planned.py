"""What plans cost in a period: each line pro rata by day while it ran, a one-off item whole where it began."""

from __future__ import annotations

from datetime import date

import polars as pl

from phb_audit.finance.period import Period, accrued_within
from phb_audit.warehouse import Warehouse, sql

ONE_OFF = "one-off"


def plan_lines(warehouse: Warehouse) -> pl.DataFrame:
    """One row per line of every plan version that was ever in force, with the days it ran; an older version ends where a newer begins."""
    lines = warehouse.frame(sql(__file__, "plan_lines"))
    versions = (
        lines.select("holder_id", "plan_version_id", "effective_from_on", "version")
        .unique()
        .sort("holder_id", "effective_from_on", "version", "plan_version_id")
    )
    following = pl.col("effective_from_on").shift(-1).over("holder_id") - pl.duration(days=1)
    versions = versions.select("plan_version_id", overtaken_on=following.cast(pl.Date))
    placed = lines.join(versions, on="plan_version_id", how="left", maintain_order="left")
    placed = placed.with_columns(ends_on=pl.min_horizontal("ends_on", "overtaken_on"))
    return placed.filter(pl.col("ends_on").is_null() | (pl.col("ends_on") >= pl.col("starts_on"))).drop("overtaken_on")


def planned_within(lines: pl.DataFrame, period: Period, over: pl.DataFrame) -> pl.DataFrame:
    """The lines with `planned_pence` of the period. A line of a yearly plan renewed unchanged costs from day to day; a one-off item once:
    where its first version begins in the period."""
    placed = lines.join(over, on="holder_id", how="left", maintain_order="left").with_columns(
        last_on=pl.min_horizontal("ends_on", "over_on"), annual=pl.col("annual_pence").fill_null(0)
    )
    is_one_off = (pl.col("frequency_code") == ONE_OFF).fill_null(False)
    ref = pl.col("plan_line_id").str.extract(r"^(.*)/v\d+/[^/]*$") + "/" + pl.col("plan_line_id").str.extract(r"([^/]*)$")
    is_first = pl.col("starts_on") == pl.col("starts_on").min().over("holder_id", ref)
    begins = pl.col("starts_on").is_between(period.first, period.last)
    running = accrued_within(pl.col("annual"), pl.col("starts_on"), pl.col("last_on"), period)
    once = pl.when(is_first & begins).then("annual").otherwise(0)
    return placed.with_columns(planned_pence=pl.when(is_one_off).then(once).otherwise(running)).drop("last_on", "annual", "over_on")


def running_on(lines: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """The lines that run on the day."""
    return lines.filter((pl.col("starts_on") <= as_of) & (pl.col("ends_on").is_null() | (pl.col("ends_on") >= as_of)))
