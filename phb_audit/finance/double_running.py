"""Double running: a service by contract that the commissioner still pays for while a budget meets the same need. Its own doing, never a
holder's: nobody ends a contract but the body that made it.

A day counts twice where, on that day, the budget runs, the contract runs and has been paid for, and a line of the plan in force meets the
need the contract meets. A notional budget is itself a contract: the two cannot be told apart, so it is left out.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import polars as pl

from phb_audit.finance import holders, planned, spans
from phb_audit.finance.period import Period, accrued
from phb_audit.tables.finance import DOUBLE_RUNNING
from phb_audit.warehouse import Warehouse, sql

CHANGE_OVER_DAYS = 28
ONE_OFF, COMMISSIONED, NOTIONAL = "one-off", "commissioned", "notional"
# Categories that meet one need: hours of an agency do the work of hours of an assistant. Every other category is a need of its own.
NEEDS = {"C01": "care at home", "C08": "care at home"}
SAME, OTHER, NOT_KNOWN = "same_need", "other_need", "not_known"


def need_of(category: str) -> pl.Expr:
    """The need a category meets; null where no category is told."""
    return pl.col(category).replace(NEEDS)


def double_running(warehouse: Warehouse, period: Period) -> pl.DataFrame:
    """finance.double_running: every recurring service by contract beside a budget that ran in the period."""
    services = beside(warehouse, period)
    met = needs_met(warehouse, period)
    twice = costed(spans.shared(services, met, "holder_id", "need"))
    sums = twice.group_by("contract_id").agg(
        from_on=pl.col("first_on").min(),
        to_on=pl.col("last_on").max(),
        days_count=spans.days().sum(),
        twice_pence=pl.col("pence").sum(),
        change_over_pence=pl.col("change_over_pence").sum(),
    )
    is_told = pl.col("need").is_not_null() & pl.col("holder_id").is_in(met["holder_id"].unique().implode())
    standing = pl.when(pl.col("days_count") > 0).then(pl.lit(SAME)).when(is_told).then(pl.lit(OTHER)).otherwise(pl.lit(NOT_KNOWN))
    told = services.unique("contract_id", keep="first", maintain_order=True).join(sums, on="contract_id", how="left", maintain_order="left")
    counted = pl.col("days_count", "twice_pence", "change_over_pence").fill_null(0)
    return (
        holders.with_groups(told, holders.budget_rows(warehouse), period.last)
        .with_columns(counted, standing_code=standing, has_end=pl.col("ends_on").is_not_null(), **period.columns)
        .with_columns(has_paid_to=pl.col("paid_to_on").is_not_null(), weeks=pl.col("days_count") / 7)
        .sort("holder_id", "contract_id")
        .select(DOUBLE_RUNNING.column_names)
    )


def live(warehouse: Warehouse, period: Period) -> pl.DataFrame:
    """The days of the period on which a holder's budget ran, notional ones left out: `holder_id, first_on, last_on`, in runs."""
    rows, over = holders.budget_rows(warehouse), holders.ended(warehouse, period.last)
    budgets = holders.yearly_budgets(rows.filter(pl.col("holding_code") != NOTIONAL)).join(over, on="holder_id", how="left")
    ends = pl.min_horizontal("ends_on", "over_on", pl.lit(period.last))
    runs = budgets.select("holder_id", first_on=pl.max_horizontal("starts_on", pl.lit(period.first)), last_on=ends)
    return spans.merged(runs.filter(pl.col("first_on") <= pl.col("last_on")), "holder_id")


def beside(warehouse: Warehouse, period: Period) -> pl.DataFrame:
    """Recurring services by contract, cut to the days of the period on which they were paid for beside a live budget."""
    contracts = warehouse.frame(sql(__file__, "contracts"), {"last_on": period.last})
    services = contracts.filter((pl.col("kind_code") == COMMISSIONED) & (pl.col("frequency_code") != ONE_OFF)).with_columns(
        need=need_of("category_code"),
        first_on=pl.max_horizontal("starts_on", pl.lit(period.first)),
        last_on=pl.min_horizontal("ends_on", "paid_to_on", pl.lit(period.last)),
    )
    begun = holders.first_days(holders.budget_rows(warehouse))
    return spans.shared(services, live(warehouse, period), "holder_id").join(begun, on="holder_id", maintain_order="left")


def needs_met(warehouse: Warehouse, period: Period) -> pl.DataFrame:
    """The days on which a recurring line of the plan in force meets a need: `holder_id, need, first_on, last_on`, in runs."""
    lines = planned.plan_lines(warehouse)
    recurring = lines.filter((pl.col("frequency_code") != planned.ONE_OFF).fill_null(True))
    runs = recurring.select(
        "holder_id",
        need=need_of("category_code"),
        first_on="starts_on",
        last_on=pl.min_horizontal(pl.coalesce("ends_on", pl.lit(period.last)), pl.lit(period.last)),
    )
    return spans.merged(runs.filter(pl.col("first_on") <= pl.col("last_on")), "holder_id", "need")


def costed(runs: pl.DataFrame) -> pl.DataFrame:
    """The runs with what the contract cost on their days (`pence`), and the part of it within the weeks of change (`change_over_pence`)."""
    changed_on = pl.min_horizontal("last_on", pl.col("begun_on") + timedelta(days=CHANGE_OVER_DAYS - 1))
    within = pl.when(changed_on >= pl.col("first_on")).then(_cost("first_on", changed_on)).otherwise(0)
    return runs.with_columns(pence=_cost("first_on", pl.col("last_on")), change_over_pence=within)


def _cost(first: str, last: pl.Expr) -> pl.Expr:
    annual, starts = pl.col("annual_pence"), pl.col("starts_on")
    return accrued(annual, starts, last) - accrued(annual, starts, pl.col(first) - spans.DAY)


def by_months(warehouse: Warehouse, months: Sequence[Period]) -> list[pl.DataFrame]:
    """For each of the months, which follow one another: what was paid twice in it, `holder_id, pence`, one row a run of days."""
    widest = Period(months[0].first, months[-1].last)
    runs = spans.shared(beside(warehouse, widest), needs_met(warehouse, widest), "holder_id", "need")
    found = []
    for month in months:
        cut = runs.with_columns(
            first_on=pl.max_horizontal("first_on", pl.lit(month.first)), last_on=pl.min_horizontal("last_on", pl.lit(month.last))
        )
        found.append(costed(cut.filter(pl.col("first_on") <= pl.col("last_on"))).select("holder_id", "pence"))
    return found


def person_weeks(warehouse: Warehouse, period: Period) -> tuple[float, float]:
    """Weeks of people paid for twice, and weeks of people with a live budget; a week of two services is one week of a person."""
    met = spans.shared(beside(warehouse, period), needs_met(warehouse, period), "holder_id", "need")
    twice = spans.merged(met, "holder_id").select(spans.days().sum()).item()
    return (twice or 0) / 7, (live(warehouse, period).select(spans.days().sum()).item() or 0) / 7
