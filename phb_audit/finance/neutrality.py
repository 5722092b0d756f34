"""Cost neutrality: what a budget costs in its first year, with set-up and support, against what was quoted for a commissioned service.

Full cost is the budget of the first year, support paid beside it for a year, and setting it up. Payroll and other fees paid out of the
budget are in the budget. Not in it: our own staff's time, money that came back, double running (`double_running.py`), and anything that
changed after the start. The alternative is our own quote, as good as whoever wrote it.
"""

from __future__ import annotations

from datetime import timedelta

import polars as pl

from phb_audit.finance import holders
from phb_audit.finance.period import Period
from phb_audit.finance.ratios import ratio_interval
from phb_audit.tables.finance import COST_NEUTRALITY, NEUTRALITY_BY_TYPE
from phb_audit.warehouse import Warehouse, sql

WITHIN = timedelta(days=92)  # what is costed or begun within a quarter of the budget's first day belongs to its start
YEAR = timedelta(days=365)
QUOTED, NOT_QUOTED = "quoted", "no_alternative"
ALL = "all"


def cost_neutrality(warehouse: Warehouse, period: Period) -> pl.DataFrame:
    """finance.cost_neutrality: everyone whose budget ran in the period, with or without an alternative on file."""
    rows, over = holders.budget_rows(warehouse), holders.ended(warehouse, period.last)
    started = first_budgets(rows, over, period)
    contracts = warehouse.frame(sql(__file__, "contracts"), {"last_on": period.last})
    near = contracts.drop("starts_on", "ends_on").with_columns(contracts.select(cost_from_on="starts_on", cost_to_on="ends_on"))
    near = near.join(started, on="holder_id")
    is_near = pl.col("cost_from_on").is_between(pl.col("starts_on") - WITHIN, pl.col("starts_on") + WITHIN)
    is_first_year = pl.col("cost_from_on").is_between(pl.col("starts_on") - WITHIN, pl.col("starts_on") + YEAR)
    runs_on = pl.col("cost_to_on").is_null() | (pl.col("cost_to_on") >= pl.col("starts_on"))
    parts = (
        ("alternative_pence", (pl.col("kind_code") == "alternative") & is_near),
        ("support_pence", (pl.col("kind_code") == "support") & is_near & runs_on),
        ("set_up_pence", (pl.col("kind_code") == "set_up") & is_first_year),
    )
    frame = started
    for name, wanted in parts:
        cost = near.filter(wanted).group_by("holder_id").agg(pl.col("annual_pence").sum().alias(name))
        frame = frame.join(cost, on="holder_id", how="left", maintain_order="left")
    full = pl.col("annual_pence") + pl.col("support_pence") + pl.col("set_up_pence")
    return (
        holders.with_groups(frame, rows, period.last)
        .with_columns(pl.col("support_pence", "set_up_pence").fill_null(0))
        .with_columns(full_pence=full, difference_pence=full - pl.col("alternative_pence"), **period.columns)
        .sort("holder_id")
        .select(COST_NEUTRALITY.column_names)
    )


def first_budgets(rows: pl.DataFrame, over: pl.DataFrame, period: Period) -> pl.DataFrame:
    """One row per holder whose budget ran in the period: `starts_on` and `annual_pence` of its first budget on file."""
    budgets = holders.yearly_budgets(rows).join(over, on="holder_id", how="left").filter(pl.col("annual_pence") > 0)
    last = pl.min_horizontal(pl.coalesce("ends_on", pl.lit(period.last)), pl.coalesce("over_on", pl.lit(period.last)))
    ran = budgets.filter((pl.col("starts_on") <= period.last) & (last >= period.first)).select("holder_id").unique()
    first = budgets.sort("holder_id", "starts_on").unique("holder_id", keep="first", maintain_order=True)
    return first.join(ran, on="holder_id", how="semi").select("holder_id", "starts_on", "annual_pence")


def by_type(people: pl.DataFrame) -> pl.DataFrame:
    """finance.neutrality_by_type from the people: everyone, by way of holding and by care group."""
    rows = [_sums(people, ALL, "")]
    for code, column in (("holding", "holding_code"), ("care_group", "care_group_code")):
        named = people.with_columns(pl.col(column).fill_null("not_told"))
        rows += [_sums(part, code, str(key)) for (key,), part in sorted(named.group_by(column), key=lambda item: str(item[0][0]))]
    return pl.DataFrame(rows, schema=NEUTRALITY_BY_TYPE.polars_schema)


def _sums(people: pl.DataFrame, code: str, key: str) -> dict[str, object]:
    quoted = people.filter(pl.col("alternative_pence") > 0)
    full, alternative = int(quoted["full_pence"].sum()), int(quoted["alternative_pence"].sum())
    lower, upper = ratio_interval(quoted["full_pence"], quoted["alternative_pence"])
    return {
        "group_code": code,
        "group_key": key,
        "people_count": quoted.height,
        "not_quoted_count": people.height - quoted.height,
        "dearer_count": quoted.filter(pl.col("difference_pence") > 0).height,
        "full_pence": full,
        "alternative_pence": alternative,
        "cost_ratio": full / alternative if alternative else None,
        "lower": lower,
        "upper": upper,
    }
