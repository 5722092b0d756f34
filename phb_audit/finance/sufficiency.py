"""Is the budget enough for the plan (regulation 13(1)), and was it paid? The commissioner's own duty: a shortfall is no holder's doing."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl

from phb_audit.finance import holders, planned
from phb_audit.tables.finance import SUFFICIENCY
from phb_audit.warehouse import Warehouse, sql

YEAR = timedelta(days=365)
PAID = ("regular", "uplift")


def sufficiency(warehouse: Warehouse, as_of: date, *, over_share: float = 0.02, over_pence: int = 100_00) -> pl.DataFrame:
    """finance.sufficiency; the allowance is that of rule G-09, so that report and flags agree."""
    rows, over = holders.budget_rows(warehouse), holders.ended(warehouse, as_of)
    lines = planned.running_on(planned.plan_lines(warehouse), as_of)
    recurring = lines.filter((pl.col("frequency_code") != planned.ONE_OFF).fill_null(True) & (pl.col("annual_pence") > 0))
    cost = recurring.group_by("holder_id").agg(plan_pence=pl.col("annual_pence").sum())
    paid_in = warehouse.frame(sql(__file__, "instalments"), {"last_on": as_of})
    year = paid_in.filter(pl.col("kind_code").is_in(PAID) & (pl.col("paid_on") > as_of - YEAR))
    told = year.group_by("holder_id").agg(told_pence=pl.col("amount_pence").sum())
    frame = (
        holders.open_budgets(rows, over, as_of)
        .filter(pl.col("annual_pence") > 0)
        .join(cost, on="holder_id")
        .join(told, on="holder_id", how="left")
    )
    allowed = pl.max_horizontal(pl.col("annual_pence") * over_share, pl.lit(float(over_pence)))
    is_old = pl.col("starts_on") <= as_of - YEAR
    return (
        holders.with_groups(frame, rows, as_of)
        .with_columns(
            short_pence=pl.col("plan_pence") - pl.col("annual_pence"),
            paid_in_pence=pl.when(is_old & (pl.col("holding_code") != "notional")).then("told_pence"),
        )
        .with_columns(is_short=pl.col("short_pence") > allowed, is_underpaid=pl.col("annual_pence") - pl.col("paid_in_pence") > allowed)
        .sort("holder_id")
        .select(SUFFICIENCY.column_names)
    )
