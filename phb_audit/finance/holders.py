"""Who has a budget: how it is held, care group, area, and what it comes to in a year or a period."""

from __future__ import annotations

from datetime import date

import polars as pl

from phb_audit.finance.period import Period, accrued_within
from phb_audit.matched.budget_position import NO_BUDGET, holder_budgets, tidy_budgets
from phb_audit.warehouse import Warehouse, sql

GROUPS = ("holding_code", "care_group_code", "area_name")


def budget_rows(warehouse: Warehouse) -> pl.DataFrame:
    """One row per holder, account and budget period, as the latest night said it; without those that only stand in for a missing one."""
    told = warehouse.frame(sql(__file__, "budgets")).with_columns(holder_idx=pl.col("holder_id"))
    return tidy_budgets(told.filter(pl.col("holding_code") != NO_BUDGET))


def ended(warehouse: Warehouse, as_of: date) -> pl.DataFrame:
    """Holders that had died or were no longer eligible: `holder_id, over_on`."""
    return warehouse.frame(sql(__file__, "ended"), {"last_on": as_of})


def about_holders(rows: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """One row per holder: `holder_id` and GROUPS, by the budget that began last up to the day (else by the first)."""
    return (
        rows.sort("holder_id", pl.col("starts_on") <= as_of, "starts_on", "account_id")
        .unique("holder_id", keep="last", maintain_order=True)
        .select("holder_id", *GROUPS)
        .sort("holder_id")
    )


def yearly_budgets(rows: pl.DataFrame) -> pl.DataFrame:
    """One row per holder and budget: `annual_pence, starts_on, ends_on`; a budget ends where the next begins."""
    budgets = holder_budgets(rows).rename({"holder_idx": "holder_id"}).sort("holder_id", "starts_on")
    following = pl.col("starts_on").shift(-1).over("holder_id") - pl.duration(days=1)
    return budgets.with_columns(ends_on=pl.min_horizontal("ends_on", following.cast(pl.Date)))


def first_days(rows: pl.DataFrame) -> pl.DataFrame:
    """One row per holder: `begun_on`, the first day of its first budget."""
    return yearly_budgets(rows).group_by("holder_id").agg(begun_on=pl.col("starts_on").min()).sort("holder_id")


def budgets_within(rows: pl.DataFrame, over: pl.DataFrame, period: Period) -> pl.DataFrame:
    """One row per holder with a budget on file: `budget_pence` of the period. A budget ends with the holder's death or eligibility."""
    budgets = yearly_budgets(rows).join(over, on="holder_id", how="left")
    ends = pl.min_horizontal("ends_on", "over_on")
    part = accrued_within(pl.col("annual_pence"), pl.col("starts_on"), ends, period)
    return budgets.group_by("holder_id").agg(budget_pence=part.sum()).sort("holder_id")


def open_budgets(rows: pl.DataFrame, over: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """One row per holder whose budget runs on the day: `holder_id, annual_pence, starts_on` (first day of the first budget)."""
    first = rows.filter("has_start").group_by("holder_id").agg(starts_on=pl.col("starts_on").min())
    running = yearly_budgets(rows).filter((pl.col("starts_on") <= as_of) & (pl.col("ends_on").is_null() | (pl.col("ends_on") >= as_of)))
    return (
        running.join(over, on="holder_id", how="anti")
        .select("holder_id", "annual_pence")
        .join(first, on="holder_id", how="left")
        .sort("holder_id")
    )


def with_groups(frame: pl.DataFrame, rows: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """The frame with GROUPS of its holders; `none_on_file` where no budget is."""
    grouped = frame.join(about_holders(rows, as_of), on="holder_id", how="left", maintain_order="left")
    return grouped.with_columns(pl.col("holding_code").fill_null(NO_BUDGET))
