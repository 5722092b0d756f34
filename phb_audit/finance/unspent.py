"""Money that lies unspent: in weeks of budget, by age, and what came back. A surplus is often a sign of care that is not being had."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl

from phb_audit.finance import holders
from phb_audit.finance.period import Period
from phb_audit.tables.finance import UNSPENT
from phb_audit.warehouse import Warehouse, sql

LIMIT_WEEKS = 8.0  # common local practice (St Helens, Richmond); a commissioner gives its own
AGES = (("up_to_4_weeks_pence", 4), ("up_to_8_weeks_pence", 8), ("up_to_13_weeks_pence", 13), ("up_to_26_weeks_pence", 26))
OLDER = "older_pence"


def unspent(warehouse: Warehouse, period: Period, *, limit_weeks: float = LIMIT_WEEKS) -> pl.DataFrame:
    """finance.unspent as the accounts stood in the newest night; `period` is for what came back, and its last day for ages."""
    accounts = warehouse.frame(sql(__file__, "accounts"))
    rows = holders.budget_rows(warehouse)
    known = accounts.with_columns(unspent_pence=(pl.col("balance_pence") - pl.col("due_pence") - pl.col("planned_pence")).clip(0))
    weeks = pl.when(pl.col("weekly_pence") > 0).then((pl.col("unspent_pence") / pl.col("weekly_pence")).round(6))
    frame = holders.with_groups(known, rows, period.last).with_columns(weeks_held=weeks)
    paid_in = warehouse.frame(sql(__file__, "instalments"), {"last_on": period.last})
    frame = frame.join(aged(frame, paid_in, period.last), on="holder_id", how="left", maintain_order="left")
    back = warehouse.frame(sql(__file__, "returned"), period.days).rename({"returned_pence": "recovered_pence"})
    frame = frame.join(back, on="holder_id", how="left", maintain_order="left")
    return frame.with_columns(
        pl.col("recovered_pence").fill_null(0), is_above_limit=(pl.col("weeks_held") > limit_weeks).fill_null(False)
    ).select(UNSPENT.column_names)


def aged(balances: pl.DataFrame, paid_in: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """One row per holder with a known `unspent_pence`: how old it is. First in, first out: what lies there is the newest money.

    The ages add up to what is unspent. What no payment of the commissioner explains is `older_pence`.
    """
    held = balances.filter(pl.col("unspent_pence").is_not_null()).select("holder_id", "unspent_pence")
    parts = held
    before = pl.lit(0, dtype=pl.Int64)
    for name, weeks in AGES:
        since = as_of - timedelta(weeks=weeks)
        recent = paid_in.filter(pl.col("paid_on") > since).group_by("holder_id").agg(came_pence=pl.col("amount_pence").sum())
        parts = parts.join(recent, on="holder_id", how="left", maintain_order="left")
        explained = pl.min_horizontal("unspent_pence", pl.col("came_pence").fill_null(0).clip(0))
        parts = parts.with_columns((explained - before).clip(0).alias(name)).drop("came_pence")
        before = before + pl.col(name)
    return parts.with_columns((pl.col("unspent_pence") - before).alias(OLDER)).drop("unspent_pence")
