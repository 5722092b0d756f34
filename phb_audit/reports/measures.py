"""Gathers the measures of a period from every room that has some: the one table behind the committee pack.

To add measures: write `measures(warehouse, first_on, last_on)` in your room, returning a frame of `tables.measures.MEASURES`,
and name it in `SOURCES`. The order of `SOURCES` is the order of the rows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date

import polars as pl

from phb_audit.tables.measures import MEASURES, measures_frame
from phb_audit.warehouse import Warehouse

Source = Callable[[Warehouse, date, date], pl.DataFrame]
SOURCES: tuple[Source, ...] = ()


def measures(warehouse: Warehouse, first_on: date, last_on: date, sources: Iterable[Source] | None = None) -> pl.DataFrame:
    """Every measure of the period, one row a measure, period and group. Raises ValueError where two rooms measure the same thing."""
    asked = SOURCES if sources is None else sources
    rows = [row for source in asked for row in source(warehouse, first_on, last_on).select(MEASURES.column_names).iter_rows(named=True)]
    return measures_frame(rows)
