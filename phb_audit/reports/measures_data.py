"""Measures of the data itself: what could not be taken in, which feeds are late, who is held back."""

from __future__ import annotations

from datetime import date

import polars as pl

from phb_audit.reports.measures_spending import interval_of
from phb_audit.tables.measures import Measure, measures_frame
from phb_audit.warehouse import Warehouse, sql

SOURCE = "reports/measures_data.sql"
REFUSED = Measure(
    "data.refused",
    "Can the data be relied on?",
    "Rows waiting to be mended",
    "Rows refused and not yet mended on the day of the night, out of them and all rows ever taken in",
    "share",
    "rows refused and waiting",
    SOURCE,
    denominator_words="rows that came",
    small_number_code="free",
    target_code="at_most",
)
LATE = Measure(
    "data.late_feeds",
    "Can the data be relied on?",
    "Feeds that are late",
    "Feeds that have told of no recent day, out of those expected, on the day of the night",
    "count",
    "feeds late",
    SOURCE,
    small_number_code="free",
    target_code="at_most",
)
HELD_BACK = Measure(
    "data.held_back",
    "Can the data be relied on?",
    "People held back",
    "People whose refused rows keep them from being looked at, out of all with payments, on the day of the night",
    "share",
    "people held back",
    SOURCE,
    denominator_words="people with payments",
    target_code="at_most",
)


def measures(warehouse: Warehouse, first_on: date, last_on: date, *, run_id: str) -> pl.DataFrame:
    """Rows of tables.measures; all of them stand as on the day of the night."""
    told = warehouse.frame(sql(__file__, "measures_data"), {"run_id": run_id}).row(0, named=True)
    came, held = told["refused_count"] + told["landed_count"], told["held_back_count"]
    people = max(told["holders_count"], held)
    rows = [
        REFUSED.row(first_on, last_on, numerator=told["refused_count"], denominator=came),
        LATE.row(first_on, last_on, numerator=told["late_count"]),
        HELD_BACK.row(first_on, last_on, numerator=held, denominator=people, interval=interval_of(HELD_BACK, held, people)),
    ]
    return measures_frame(rows)
