"""How budgets stand in a period: by person, by category of the taxonomy, by kind of outcome. Each comes to the ledger's spend."""

from __future__ import annotations

import polars as pl

from phb_audit.classified.reference import read
from phb_audit.finance import holders, planned
from phb_audit.finance.period import Period, thousandths
from phb_audit.settings import shipped
from phb_audit.tables.finance import CATEGORY_POSITION, OUTCOME_POSITION, PERSON_POSITION
from phb_audit.warehouse import Warehouse, sql

NOT_TOLD, NO_OUTCOME = "not_told", "no_outcome"


def spend(warehouse: Warehouse, period: Period) -> pl.DataFrame:
    """One row per payment that counts as spend in the period, with category, kind of outcome and payee."""
    return warehouse.frame(sql(__file__, "spend"), period.days)


def taxonomy() -> pl.DataFrame:
    """The categories: `category_code, category_name`, in the taxonomy's order."""
    frame = read(shipped("reference"), "taxonomy.csv", ["code", "category"])
    return frame.select(category_code="code", category_name="category")


def by_person(warehouse: Warehouse, period: Period) -> pl.DataFrame:
    """finance.person_position: everyone with a budget, money in or money out in the period."""
    rows, over = holders.budget_rows(warehouse), holders.ended(warehouse, period.last)
    budgets = holders.budgets_within(rows, over, period)
    spent = spend(warehouse, period).group_by("holder_id").agg(spent_pence=pl.col("amount_pence").sum())
    paid_in = warehouse.frame(sql(__file__, "instalments"), {"last_on": period.last}).filter(pl.col("paid_on") >= period.first)
    received = paid_in.group_by("holder_id").agg(received_pence=pl.col("amount_pence").sum())
    returned = warehouse.frame(sql(__file__, "returned"), period.days)
    everyone = pl.concat([frame.select("holder_id") for frame in (budgets, spent, received, returned)]).unique()
    frame = everyone.sort("holder_id")
    for part in (budgets, received, spent, returned):
        frame = frame.join(part, on="holder_id", how="left", maintain_order="left")
    left = pl.col("budget_pence") - pl.col("spent_pence")
    ratio = pl.when(pl.col("budget_pence") > 0).then((pl.col("spent_pence") / pl.col("budget_pence")).round(6))
    return (
        holders.with_groups(frame, rows, period.last)
        .with_columns(pl.col("received_pence", "spent_pence", "returned_pence").fill_null(0), **period.columns)
        .with_columns(left_pence=left, spent_share=ratio)
        .select(PERSON_POSITION.column_names)
    )


def by_category(warehouse: Warehouse, period: Period) -> pl.DataFrame:
    """finance.category_position: every category of the taxonomy, and `not_told` where lines have none."""
    rows = spend(warehouse, period)
    unsure = rows.group_by("category_code").agg(unsure_pence=pl.col("amount_pence").filter("is_abstained").sum())
    frame = _position(warehouse, period, rows, "category_code", taxonomy())
    return (
        frame.join(unsure, on="category_code", how="left", maintain_order="left")
        .with_columns(pl.col("unsure_pence").fill_null(0), pl.col("category_name").fill_null("not told"))
        .select(CATEGORY_POSITION.column_names)
    )


def by_outcome(warehouse: Warehouse, period: Period) -> pl.DataFrame:
    """finance.outcome_position: every kind of outcome plans name or spend serves, and spend that serves none."""
    rows = spend(warehouse, period)
    known = pl.DataFrame({"goal_type": []}, schema={"goal_type": pl.String})
    return _position(warehouse, period, rows, "goal_type", known).select(OUTCOME_POSITION.column_names)


def _position(warehouse: Warehouse, period: Period, rows: pl.DataFrame, by: str, known: pl.DataFrame) -> pl.DataFrame:
    """Planned against spent by a column of both; known values first and always there, others after them in order."""
    lines = planned.planned_within(planned.plan_lines(warehouse), period, holders.ended(warehouse, period.last))
    cost = lines.group_by(by).agg(pl.col("planned_pence").sum()).filter(pl.col("planned_pence") != 0)
    spent = rows.group_by(by).agg(
        spent_pence=pl.col("amount_pence").sum(),
        payments_count=pl.len().cast(pl.Int64),
        people_count=pl.col("holder_id").n_unique().cast(pl.Int64),
    )
    others = pl.concat([spent.select(by), cost.select(by)]).unique().join(known, on=by, how="anti").sort(by)
    frame = pl.concat([known, others], how="diagonal")
    frame = frame.join(cost, on=by, how="left", maintain_order="left").join(spent, on=by, how="left", maintain_order="left")
    counted = ("planned_pence", "spent_pence", "payments_count", "people_count")
    frame = frame.with_columns(pl.col(*counted).fill_null(0), **period.columns)
    return frame.with_columns(
        left_pence=pl.col("planned_pence") - pl.col("spent_pence"), per_thousand_pence=thousandths(frame["spent_pence"])
    )
