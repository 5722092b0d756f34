"""Gathers the measures of a period from every room that has some: the one table behind the committee pack.

To add measures: write `measures(warehouse, first_on, last_on)` in your room, returning a frame of `tables.measures.MEASURES`,
and name it in `ROOMS`. The order is the order of the rows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from functools import partial

import polars as pl

from phb_audit.errors import UsageError
from phb_audit.finance.lines import Population
from phb_audit.reports import (
    measures_data,
    measures_decisions,
    measures_market,
    measures_missed,
    measures_money,
    measures_outcomes,
    measures_people,
    measures_running,
    measures_spending,
)
from phb_audit.reports.measures_settings import Chosen
from phb_audit.rules.register import Registered
from phb_audit.tables.measures import MEASURES, measures_frame
from phb_audit.warehouse import Warehouse

Source = Callable[[Warehouse, date, date], pl.DataFrame]
ROOMS: tuple[Source, ...] = (
    measures_missed.measures,
    measures_money.measures,
    measures_running.measures,
    measures_market.measures,
    measures_outcomes.measures,
)


def sources(
    picked: Chosen, *, run_id: str, as_of: date, population: Population | None = None, rules: Sequence[Registered] = ()
) -> tuple[Source, ...]:
    """Every room's function, those that need the night or the settings given them."""
    return (
        partial(measures_spending.measures, picked=picked, run_id=run_id, rules=rules),
        partial(measures_decisions.measures, picked=picked, as_of=as_of),
        partial(measures_data.measures, run_id=run_id),
        partial(measures_people.measures, population=population),
        *ROOMS,
    )


def measures(warehouse: Warehouse, first_on: date, last_on: date, asked: Iterable[Source]) -> pl.DataFrame:
    """Every measure of the period, one row a measure, period and group. Raises ValueError where two rooms measure the same thing."""
    rows = [row for source in asked for row in source(warehouse, first_on, last_on).select(MEASURES.column_names).iter_rows(named=True)]
    return measures_frame(rows)


def with_targets(measured: pl.DataFrame, picked: Chosen) -> pl.DataFrame:
    """The measures with the targets chosen. Raises UsageError for a target of no measure, or of one that says not how it is met."""
    ways = dict(measured.select("measure_id", "target_code").iter_rows())
    if wrong := sorted(name for name in picked.targets if ways.get(name, "none") == "none"):
        raise UsageError(
            f"measures.toml has a target for {', '.join(wrong)}, which can have none.", do="See the measures' page for their names."
        )
    own = pl.col("measure_id").replace_strict(dict(picked.targets), default=None, return_dtype=pl.Float64)
    return measured.with_columns(target=pl.coalesce(own, pl.col("target")))
